import type { IntegrationId, Uuid } from '@core/contracts/primitives';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import { hashOf } from './tokens.ts';

/**
 * `asking`: no answer yet, or whoever asked ended before one came. `requested`: ProQuant took it, and its user is asked.
 * `refused` and `unreachable`: it was not taken, for good or so far. `unknown`: it may have been.
 */
export type IntegrationRequestState = 'asking' | 'requested' | 'refused' | 'unreachable' | 'unknown';

/** For how many days a user may leave a request unanswered. */
export const REQUEST_DAYS = 30;

/** That ProQuant was asked for an Integration: a user approves it there, and its events come with the token it named. */
@Entity({ schema: 'registry', name: 'integration_request' })
export class IntegrationRequest {
  @PrimaryColumn('uuid') id: Uuid;
  @Column('uuid', { name: 'integration_id' }) integrationId: IntegrationId;
  @Column('text', { name: 'user_email' }) userEmail: string;
  @Column('text') description: string;
  @Column('text', { name: 'image_url' }) imageUrl: string;
  /** Where ProQuant reaches proquant-webhook. */
  @Column('text', { name: 'public_url' }) publicUrl: string;
  /** SHA-256. */
  @Column('text', { name: 'token_hash' }) tokenHash: string;
  @Column('text') state: IntegrationRequestState;
  @Column('integer') attempts: number;
  /** What ProQuant or the network said, without the token; null where there was nothing to say. */
  @Column('text', { nullable: true }) detail: string | null;
  @Column('timestamptz', { name: 'asked_at' }) askedAt: Date;
  @Column('timestamptz', { name: 'answered_at', nullable: true }) answeredAt: Date | null;
}

export type NewIntegrationRequest = Pick<
  IntegrationRequest,
  'integrationId' | 'userEmail' | 'description' | 'imageUrl' | 'publicUrl'
>;

export type IntegrationRequestOutcome = Pick<IntegrationRequest, 'attempts' | 'detail'> & {
  readonly state: Exclude<IntegrationRequestState, 'asking'>;
};

/** Whether a request has waited too long for its user, who never said anything about it: its token is of no use. */
export const isExpired = (
  { state, askedAt }: Pick<IntegrationRequest, 'state' | 'askedAt'>,
  { isAnswered, nowMs }: { readonly isAnswered: boolean; readonly nowMs: number },
): boolean =>
  !isAnswered &&
  (state === 'asking' || state === 'requested' || state === 'unknown') &&
  nowMs - askedAt.getTime() > REQUEST_DAYS * 86_400_000;

/** What ProQuant was asked for. A request is here before it is sent: what its user says of it may come first. */
export class IntegrationRequests {
  constructor(
    private readonly manager: EntityManager,
    private readonly newId: () => Uuid,
  ) {}

  begin(asked: NewIntegrationRequest, token: string): Promise<IntegrationRequest> {
    const begun = { state: 'asking', attempts: 0, detail: null, askedAt: new Date(), answeredAt: null } as const;
    return this.manager.save(IntegrationRequest, { id: this.newId(), ...asked, tokenHash: hashOf(token), ...begun });
  }

  /** The token of one that was not taken is to be withdrawn: nobody has it. */
  async conclude(id: Uuid, outcome: IntegrationRequestOutcome): Promise<void> {
    await this.manager.update(IntegrationRequest, { id }, { ...outcome, answeredAt: new Date() });
  }

  /** Oldest first. */
  all(): Promise<IntegrationRequest[]> {
    return this.manager.find(IntegrationRequest, { order: { askedAt: 'asc' } });
  }
}

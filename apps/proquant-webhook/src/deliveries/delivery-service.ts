import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import type { Registration } from '@core/contracts/integration-consent';
import type { Uuid } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { ProquantEvent } from '@core/proquant/event';
import { problemOfRefusal, unnamed, type Problem } from '@core/proquant/problem';
import { isSignal, translateLifecycle, translateSignal, type LifecycleWish } from '@core/proquant/translate';
import type { Integration } from '@core/registry/entities';
import { fingerprintOf } from '@core/registry/tokens';
import type { DeliveryConclusion } from '@core/signal-inbox/signal-inbox';
import { withTimeout } from '@core/service/with-timeout';
import { Injectable } from '@nestjs/common';
import { HookSettings } from '../config.ts';
import { policiesFor } from '../log/venue-orders.ts';
import { Orphans } from '../signals/orphans.ts';
import { SignalService } from '../signals/signal-service.ts';

/** What an event came to so far. One that is not final is carried on, whatever its sender was told. */
export interface Carried {
  /** Null is that all is well. */
  readonly problem: Problem | null;
  readonly isFinal: boolean;
}

/** The same for the inbox. */
export const conclusionOf = ({ problem, isFinal }: Carried, detail: string | null = null): DeliveryConclusion => ({
  state: isFinal ? 'done' : 'pending',
  status: problem?.status ?? 200,
  verdict: problem === null ? 'handled' : (problem.type ?? String(problem.status)),
  detail,
});

/** Who sends: an integration, under one of its registrations where that is known. */
export interface Sender {
  readonly integration: Integration;
  readonly registration: Registration | null;
}

const LATE = { problem: unnamed(504), isFinal: false } as const;

/** Carries out what an event says. The same event again comes to the same. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly commands: CommandClient,
    private readonly signals: SignalService,
    private readonly orphans: Orphans,
    private readonly runner: ProjectionRunner,
    private readonly settings: HookSettings,
  ) {}

  /**
   * `id` is the event's own. Its sender waits until `deadline`, by the clock of `performance`; what it hears then of an
   * outcome that is not known is a policy of its integration.
   */
  async carry(sender: Sender, id: Uuid, event: ProquantEvent, deadline: number): Promise<Carried> {
    const { integration } = sender;
    const carried = await this.carriedBy(sender, id, event, deadline);
    const isUnknown = carried.problem?.status === LATE.problem.status;
    const isWell = isUnknown && policiesFor(this.runner, integration).on_deadline === 'ok';
    return isWell ? { ...carried, problem: null } : carried;
  }

  private async carriedBy(
    { integration, registration }: Sender,
    id: Uuid,
    event: ProquantEvent,
    deadline: number,
  ): Promise<Carried> {
    if (isSignal(event)) {
      const problem = await this.signals.take(translateSignal(integration.id, id, event), integration, deadline);
      return { problem, isFinal: problem?.status !== LATE.problem.status };
    }
    const wish = translateLifecycle(integration.id, event, {
      registration: registration ?? undefined,
      registrations: integration.tokenHashes.map(fingerprintOf),
    });
    const record = (): Promise<Carried> => this.record(integration, id, wish);
    if (wish.type === 'RecordIntegration') return record();
    return withTimeout(this.signals.inTurn(wish.data, record), deadline - performance.now(), () => LATE);
  }

  private async record(integration: Integration, id: Uuid, wish: LifecycleWish): Promise<Carried> {
    const asking = { id, correlation: id, timeoutMs: this.settings.deadlineMs };
    try {
      const answer = await this.commands.ask(integration.accountId, wish, asking);
      if (!answer.ok) return { problem: problemOfRefusal(answer.refusal), isFinal: true };
      if (answer.eventIds.length > 0) this.orphans.look(integration, wish);
      return { problem: null, isFinal: true };
    } catch (error) {
      if (error instanceof LedgerUnavailable) return { problem: unnamed(503), isFinal: false };
      throw error;
    }
  }
}

import type { Answer, CommandBody } from '@core/contracts/command';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import type { IntegrationRequestOutcome } from '@core/registry/integration-request';
import type { ActOn } from '@core/registry/operator-act';
import type { Registry } from '@core/registry/registry';
import type { z } from 'zod';
import { AskedWrongly } from '../asked-wrongly.ts';
import type { Concerned } from '../whom.ts';

/** Something that operators do to who may do what, the same from the command line and from the console. */
export interface RegistryAct<Wish> {
  /** What is said of it; the messages of its issues are for people. */
  readonly wish: z.ZodType<Wish>;
  /** What it means as things stand; changes nothing. Throws `AskedWrongly` where it means nothing. */
  plan(wish: Wish, registry: Registry, log: EventLog): Promise<PlannedAct>;
}

/** What is done as soon as somebody agreed. */
export interface PlannedAct {
  readonly concerned: Concerned;
  /** What somebody has to type for it; null where nothing is. */
  readonly secret: SecretWanted | null;
  /** Once. `secret` is what was typed. */
  carryOut(hands: OperatorHands, secret: string): Promise<ActDone>;
}

export interface SecretWanted {
  /** As in `Password for ada`. */
  readonly prompt: string;
  /** Fewest characters. */
  readonly minimum: number;
  /** Nobody has it yet: at a keyboard it is typed twice. */
  readonly isNew: boolean;
}

/** What was done. */
export interface ActDone {
  /** For people, without what is secret. */
  readonly text: string;
  /** For machines; what is secret is in it too. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Made by it and shown this once; null where nothing was. */
  readonly secret: { readonly name: string; readonly value: string } | null;
  /** It was done, and what was hoped for did not come of it: `text` says why. */
  readonly hasFailed?: boolean;
}

/** By whom it is done, and with what. */
export interface OperatorHands {
  readonly decision: { readonly operator: string; readonly note: string };
  /** Changes what is registered and keeps who did it with it; running services hear of it. */
  change<Made>(act: Omit<ActOn<Made>, 'operator' | 'note'>, work: (registry: Registry) => Promise<Made>): Promise<Made>;
  /** Tells running services more than that something changed. */
  tell(subject: string, body: object): Promise<void>;
  /** Asks the ledger. */
  ask(account: AccountId, wish: CommandBody): Promise<Answer>;
  /** Asks ProQuant for an Integration; `token` is in the body, and comes back in no text. */
  askProquant(request: { id: Uuid; body: string; token: string }): Promise<IntegrationRequestOutcome>;
}

/** What was asked for, read and planned. Throws `AskedWrongly`. */
export async function plannedAct<Wish>(
  act: RegistryAct<Wish>,
  asked: unknown,
  registry: Registry,
  log: EventLog,
): Promise<PlannedAct> {
  const wish = act.wish.safeParse(asked);
  if (!wish.success) throw new AskedWrongly(wish.error.issues[0]?.message ?? 'this cannot be read');
  return act.plan(wish.data, registry, log);
}

/** Throws `AskedWrongly` where what was typed is too short; empty where nothing is wanted. */
export function expectSecret(wanted: SecretWanted | null, typed: string): string {
  if (wanted === null) return '';
  if (typed.length < wanted.minimum)
    throw new AskedWrongly(`the password is shorter than ${wanted.minimum} characters`);
  return typed;
}

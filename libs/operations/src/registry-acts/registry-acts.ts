import type { EventLog } from '@core/event-log/event-log';
import type { Registry } from '@core/registry/registry';
import { accountActs } from './account-acts.ts';
import { boundActs } from './bound-acts.ts';
import { integrationActs } from './integration-acts.ts';
import { keyActs } from './key-acts.ts';
import { operatorActs } from './operator-acts.ts';
import { plannedAct, type PlannedAct } from './registry-act.ts';
import { questionActs } from './question-acts.ts';
import { traderActs } from './trader-acts.ts';

/** What operators do to who may do what, by the words of the command line. */
const registryActs = {
  ...traderActs,
  ...accountActs,
  ...keyActs,
  ...integrationActs,
  ...questionActs,
  ...operatorActs,
  ...boundActs,
} as const;

export type RegistryActName = keyof typeof registryActs;

export const REGISTRY_ACTS = Object.keys(registryActs) as [RegistryActName, ...RegistryActName[]];

/** An act by its name. Throws `AskedWrongly`. */
export const plannedByName = (
  name: RegistryActName,
  asked: unknown,
  registry: Registry,
  log: EventLog,
): Promise<PlannedAct> => {
  const act = registryActs[name] as Parameters<typeof plannedAct<unknown>>[0];
  return plannedAct(act, asked, registry, log);
};

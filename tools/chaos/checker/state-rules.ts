import type { RecordedEvent } from '@core/contracts/event';
import { differences } from '@core/kernel/json-difference';
import { fold } from '@core/kernel/projection';
import { projectionCatalogue } from '@core/operations/projection-catalogue';
import { grouped } from './grouped.ts';
import type { InstanceAnswer, KeptState, RunRecord } from './run-record.ts';
import type { Violation } from './violation.ts';

/** Whatever a projection keeps is the fold of the log up to where it says. */
export function folded({ log, states, tables }: RunRecord): Violation[] {
  const accounts = grouped(log, ({ subject }) => subject);
  const wrong = states.flatMap((kept): Violation[] => {
    const path = differing(kept, accounts.get(kept.account) ?? []);
    if (path === null) return [];
    const what = `${kept.owner} keeps ${kept.name} of ${kept.account} otherwise than the log has it, at ${path}`;
    return [{ rule: 'fold', position: kept.position, what }];
  });
  const rows = tables.flatMap(({ owner, name, position, differing: accounts }) =>
    accounts.map(({ account, what }): Violation => ({
      ...{ rule: 'fold', position },
      what: `${owner} keeps rows of ${name} of ${account} otherwise than the log has them, at ${what}`,
    })),
  );
  return [...wrong, ...rows];
}

function differing({ name, version, position, state }: KeptState, events: readonly RecordedEvent[]): string | null {
  const projection = projectionCatalogue.folds.find((each) => each.name === name && each.version === version);
  if (!projection) return `version ${version}, of which there is no fold here`;
  const told = events.filter((event) => event.position <= position);
  return firstDifference(fold(projection, told), state);
}

/** No checkpoint is ahead of the log, and none goes back. */
export function checkpoints({ checkpoints: seen }: RunRecord): Violation[] {
  const last = new Map<string, number>();
  return seen.flatMap(({ reader, position, head }): Violation[] => {
    const before = last.get(reader) ?? 0;
    last.set(reader, position);
    const say = (what: string): Violation => ({ rule: 'checkpoints', position, what: `${reader} ${what}` });
    if (position > head) return [say(`claims to be here, and the log ended at ${head}`)];
    return position < before ? [say(`went back from ${before}`)] : [];
  });
}

/** Instances of an edge that have folded as far say the same of an account. */
export function agreement({ answers }: RunRecord): Violation[] {
  const asked = grouped(answers, ({ edge, account, position }) => `${edge} ${account} ${position}`);
  return [...asked.values()].flatMap(([first, ...others]) =>
    others.flatMap((other) => (first ? disagreeing(first, other) : [])),
  );
}

function disagreeing(one: InstanceAnswer, other: InstanceAnswer): Violation[] {
  const path = firstDifference(one.answer, other.answer);
  if (path === null) return [];
  const what = `${one.instance} and ${other.instance} of ${one.edge} differ on ${one.account}, at ${path}`;
  return [{ rule: 'agreement', position: one.position, what }];
}

/** What is spelled as JSON is compared as it is spelled: a member that is undefined is not there. */
function firstDifference(left: unknown, right: unknown): string | null {
  const [first] = differences(JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right)));
  return first === undefined ? null : first.path.join('.') || 'the whole of it';
}

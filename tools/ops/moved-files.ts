import { SYSTEM_ACCOUNT, type Uuid } from '@core/contracts/primitives';
import type { AttachStep } from '@core/event-log/detached/attaching';
import type { DetachStep } from '@core/event-log/detached/detaching';
import type { DetachedRange } from '@core/event-log/detached/detached-ranges';
import { uuidV5 } from '@core/kernel/uuid';
import type { ClientBase } from 'pg';
import { BadInput } from './bad-input.ts';
import type { Consent } from './consent.ts';
import type { Output } from './output.ts';
import type { OperatedSystem } from './system.ts';

/** Moves one file after the other, until none is left that may go, and says which and why no more. */
export async function moveFiles(
  output: Output,
  folder: string,
  next: () => Promise<DetachedRange | { readonly whyNot: string }>,
  moved: (range: DetachedRange) => Promise<void>,
): Promise<void> {
  const files: DetachedRange[] = [];
  for (;;) {
    const range = await next();
    if ('whyNot' in range) {
      const { whyNot } = range;
      output.say({ folder, files, whyNot }, () =>
        [...files.map(({ file, first, last }) => `${file}: positions ${first} to ${last}`), whyNot].join('\n'),
      );
      return;
    }
    files.push(range);
    await moved(range);
  }
}

export const tellStep = (step: DetachStep | AttachStep, { first, last }: { first: number; last: number }): void =>
  console.error(`positions ${first} to ${last}: ${step}`);

interface MovedFile {
  readonly first: string;
  readonly last: string;
  readonly operator: string;
  readonly note: string;
  /** When it was detached, in seconds since the epoch. */
  readonly at: string;
}

const FILES = 'select first, last, operator, note, extract(epoch from detached_at)::text as at from core.detached';

/** Whoever died before the log was told is told of by the next one. */
export async function tellDetached(system: OperatedSystem, client: ClientBase): Promise<void> {
  const { rows } = await client.query<MovedFile>(`${FILES} where not is_told order by first`);
  for (const file of rows) {
    const { operator, note } = file;
    await system.keep({ decision: { operator, note } }, actOn(file, 'detached'));
    await client.query('update core.detached set is_told = true where first = $1', [file.first]);
  }
}

/** Of a file that is about to come back. */
export async function tellAttached(
  system: OperatedSystem,
  client: ClientBase,
  consent: Consent,
  { first }: DetachedRange,
): Promise<void> {
  const { rows } = await client.query<MovedFile>(`${FILES} where first = $1`, [first]);
  for (const file of rows) await system.keep(consent, actOn(file, 'attached'));
}

/** Whoever dies before it is noted that this was told tells it again, and under the same id: it is one act. */
const actOn = ({ first, last, at }: MovedFile, action: 'detached' | 'attached') => ({
  ...{ what: 'log' as const, action, target: `positions ${first} to ${last}` },
  actId: uuidV5(SYSTEM_ACCOUNT, `log|${action}|${first}|${last}|${at}`) as Uuid,
});

export function positionSaid(option: string, text: string): number {
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new BadInput(`${option} is a position, not ${text}`);
  return Number(text);
}

export function folderOf(system: OperatedSystem, option: string, said: string | undefined): string {
  const folder = said ?? system.detached;
  if (folder === undefined)
    throw new BadInput(`say ${option}: the folder that DATABASE_DETACHED names to all services`);
  return folder;
}

import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { readJson } from '@core/kernel/foreign-json';
import { Capsule } from '@core/operations/capsule';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { playAccount } from './capsule-play.ts';
import { compareFacts } from './compare-facts.ts';
import { judgeWishes } from './judged-wishes.ts';

const SAME = 0;
const OTHERWISE = 1;
const NO_CAPSULE = 2;

type Print = (line: string) => void;

/**
 * Plays a capsule and says how what came out differs from what was recorded. Gives the exit code: 0 the same facts came
 * out, 1 they did not, 2 it is no capsule; why goes to `complain`.
 */
export function runCapsuleFile(file: string, print: Print, complain: Print): number {
  const capsule = readCapsule(file);
  if (typeof capsule === 'string') {
    complain(`${file} is no capsule:\n${capsule}`);
    return NO_CAPSULE;
  }
  const accounts = new Set(capsule.events.map(({ subject }) => subject).filter((id) => id !== SYSTEM_ACCOUNT));
  let isSame = true;
  for (const account of accounts) {
    const { recorded, played, unplayed } = playAccount(capsule, account);
    const found = compareFacts(recorded, played);
    const others = found.filter(({ kind }) => kind !== 'money');
    print(`account ${account}: ${recorded.length} facts recorded, ${played.length} came out`);
    for (const why of unplayed) print(`  not played: ${why}`);
    for (const { thing, kind, what } of found) print(`  ${WORDS[kind]}: ${what}, of ${thing}`);
    const judged = judgeWishes(capsule, account);
    for (const each of judged) print(`  decided otherwise by the brakes: ${each}`);
    isSame &&= others.length === 0 && judged.length === 0;
  }
  for (const each of capsule.missing) print(`not in the capsule: ${each}`);
  print(isSame ? 'the same facts came out' : 'other facts came out');
  return isSame ? SAME : OTHERWISE;
}

const WORDS = {
  missing: 'did not come out',
  more: 'came out and is not recorded',
  differs: 'came out otherwise',
  money: 'at other costs, by other terms or rates',
} as const;

function readCapsule(file: string): Capsule | string {
  if (!existsSync(file)) return 'there is no such file';
  const capsule = Capsule.safeParse(readJson(readFileSync(file, 'utf8')));
  return capsule.success ? capsule.data : z.prettifyError(capsule.error);
}

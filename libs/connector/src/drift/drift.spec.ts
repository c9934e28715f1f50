import { LedgerUnavailable, type CommandClient } from '@core/bus/command-client';
import type { Answer, Command } from '@core/contracts/command';
import type { Drift } from '@core/contracts/events/account';
import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { refusal, type RefusalReason } from '@core/contracts/refusal';
import { instantFromMs } from '@core/kernel/instant';
import { DriftGuard } from './drift-guard.ts';
import { isClean, policiesOn, policyFor, commandFor, type DriftPolicies, type DriftRules } from './drift-policy.ts';

const adopting: DriftPolicies = { position: 'adopt', order: 'adopt', balance: 'adopt' };
const strict: DriftPolicies = { position: 'close-only', order: 'observe', balance: 'halt' };
const rules: DriftRules = { listening: strict, away: adopting };
const drift = (kind: Drift['kind']): Drift => ({ kind, brokerKey: '7', ours: null, theirs: 'x' });

describe('a drift', () => {
  it('leads to what the strictest of its policies says', () => {
    expect(policyFor([], strict)).toBe('adopt');
    expect(policyFor([drift('order')], strict)).toBe('observe');
    expect(policyFor([drift('order'), drift('position')], strict)).toBe('close-only');
    expect(policyFor([drift('balance'), drift('position')], strict)).toBe('halt');
  });

  it('is another matter in a session than at its beginning', () => {
    expect(policiesOn('periodic', rules)).toBe(strict);
    expect(policiesOn('question', rules)).toBe(strict);
    expect(policiesOn('start', rules)).toBe(adopting);
    expect(policiesOn('reconnect', rules)).toBe(adopting);
  });

  it('closes an account to new trades, or to all, with a note of what it was', () => {
    expect(commandFor('adopt', [drift('order')])).toBeNull();
    expect(commandFor('observe', [drift('order')])).toBeNull();
    expect(commandFor('close-only', [drift('position')])).toMatchObject({
      type: 'SetCloseOnly',
      data: { closeOnly: true },
    });
    expect(commandFor('halt', [drift('balance')])).toMatchObject({
      type: 'HaltTrading',
      data: { note: 'drift: balance 7' },
    });
  });

  it('leaves an account clean only where nobody listened, it is explained, and it is adopted', () => {
    const explained = { drifts: [drift('position')], isExplained: true };
    expect(isClean('periodic', { drifts: [], isExplained: true }, strict)).toBe(true);
    expect(isClean('reconnect', explained, adopting)).toBe(true);
    expect(isClean('reconnect', { ...explained, isExplained: false }, adopting)).toBe(false);
    expect(isClean('reconnect', explained, strict)).toBe(false);
    expect(isClean('periodic', explained, adopting)).toBe(false);
  });
});

/** A ledger that answers what it is given, one answer for each command; null is silence. */
function guarded(answers: readonly (Answer | null)[]) {
  const sent: Command[] = [];
  const told: string[] = [];
  const ask: CommandClient['ask'] = (subject, body, { id = '', correlation: correlationid = '' }) => {
    const command: Command = { commandid: id, source: 'spec', subject, time: instantFromMs(0), correlationid, ...body };
    const answer = answers[sent.push(command) - 1];
    return answer ? Promise.resolve(answer) : Promise.reject(new LedgerUnavailable(command));
  };
  const say = (line: unknown): void => void told.push(JSON.stringify(line));
  const guard = new DriftGuard(exampleAccount, {
    rules,
    commands: { ask },
    timeoutMs: 10,
    metrics: { drifted: (...labels) => say(labels) },
    log: { log: say, warn: say, error: say },
    newId: () => exampleId(sent.length + told.length),
  });
  return { guard, sent, told };
}

const yes: Answer = { ok: true, position: 1, eventIds: [] };

describe('the guard', () => {
  it('tells every difference and restricts the account', async () => {
    const { guard, sent, told } = guarded([yes]);
    guard.looked('periodic', [drift('order'), drift('balance')], false);
    await guard.idle();
    expect(told.slice(0, 2)).toEqual(['["periodic","order","observe"]', '["periodic","balance","halt"]']);
    expect(sent.map(({ type }) => type)).toEqual(['HaltTrading']);
  });

  it('asks again under the same id until the ledger has answered', async () => {
    const { guard, sent } = guarded([null, yes]);
    guard.looked('periodic', [drift('position')], false);
    await guard.idle();
    expect(sent.map(({ type }) => type)).toEqual(['SetCloseOnly', 'SetCloseOnly']);
    expect(new Set(sent.map(({ commandid }) => commandid)).size).toBe(1);
  });

  it('asks again while it is refused in passing, and not once it is refused for good', async () => {
    const refused = (reason: RefusalReason): Answer => ({ ok: false, refusal: refusal(reason) });
    const passing = guarded([refused('unknown-account'), yes]);
    const final = guarded([refused('malformed'), yes]);
    for (const { guard } of [passing, final]) guard.looked('periodic', [drift('position')], false);
    await Promise.all([passing.guard.idle(), final.guard.idle()]);
    expect([passing.sent.length, final.sent.length]).toEqual([2, 1]);
  });

  it('is done when it is stopped, answered or not', async () => {
    const { guard, sent } = guarded([]);
    guard.looked('periodic', [drift('balance')], false);
    await guard.stop();
    expect(sent.length).toBeLessThan(2);
  });

  it('does nothing where it may only watch, and remembers until the next look', async () => {
    const { guard, sent } = guarded([]);
    guard.looked('periodic', [drift('order')], false);
    expect(guard.isClean).toBe(false);
    guard.looked('start', [drift('balance')], true);
    expect(guard.isClean).toBe(true);
    await guard.idle();
    expect(sent).toEqual([]);
  });
});

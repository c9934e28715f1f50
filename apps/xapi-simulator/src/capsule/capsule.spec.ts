import type { RecordedEvent } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import { Capsule } from '@core/operations/capsule';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playAccount } from './capsule-play.ts';
import { compareFacts } from './compare-facts.ts';
import { judgeWishes } from './judged-wishes.ts';
import { runCapsuleFile } from './run-capsule-file.ts';

/**
 * Made by `ops capsule` of a system on the simulator: a market order of a person and one of a strategy, an order whose
 * reply was lost, a limit order that met its price, a rejection, a withdrawal, a position and a partial close by hand at
 * the broker, and a stop loss.
 */
const FILE = join(__dirname, '../../capsules/lost-reply-and-stop-loss.json');
const text = readFileSync(FILE, 'utf8');
const capsule = Capsule.parse(JSON.parse(text));
const account = capsule.accounts[0]?.account ?? '';

const played = (events: readonly RecordedEvent[]) => {
  const play = playAccount({ ...capsule, events: [...events] }, account);
  return { ...play, divergences: compareFacts(play.recorded, play.played) };
};

const altered = (change: (event: RecordedEvent) => RecordedEvent | null): RecordedEvent[] =>
  capsule.events.flatMap((event) => change(structuredClone(event)) ?? []);

describe('a capsule', () => {
  it('leads to the same facts when it is played, and to the same once more', () => {
    const { divergences, unplayed, ...play } = played(capsule.events);
    expect([divergences, unplayed]).toEqual([[], []]);
    expect(play.played.length).toBeGreaterThan(15);
    expect(played(capsule.events)).toMatchObject(play);
  });

  it('says what came out otherwise where the log says something that its requests do not lead to', () => {
    const { divergences } = played(
      altered((event) => {
        if (event.type === 'PositionOpened' && event.data.stopLoss !== null)
          return { ...event, data: { ...event.data, stopLoss: '1.07' } };
        return event;
      }),
    );
    expect(divergences).toContainEqual(
      expect.objectContaining({ kind: 'differs', what: 'PositionOpened stopLoss: "1.07", and now "1.08"' }),
    );
  });

  it('has the connection lost and found again, and what came about meanwhile is seen then', () => {
    const day = capsule.events[0]?.time.slice(0, 11);
    const [lost, opened] = [`${day}09:07:09.000000Z`, `${day}09:07:13.500000Z`];
    const session = (type: 'AccountSessionLost' | 'AccountSessionOpened', time: string): RecordedEvent => ({
      ...present(recorded([anEvent(type, {}, { subject: account, time })])[0], 'one event'),
      position: 54,
    });
    const at = capsule.events.findIndex(({ position }) => position > 54);
    const outage = [{ ...session('AccountSessionLost', lost), position: 53 }, session('AccountSessionOpened', opened)];
    const { divergences, unplayed, ...play } = played(capsule.events.toSpliced(at, 0, ...outage));
    expect([divergences, unplayed]).toEqual([[], []]);
    const closed = play.played.find(({ type }) => type === 'PositionClosed');
    expect(JSON.stringify(closed)).toContain('stop-loss');
  });

  it('asks the brakes of its log again, and says where they would have decided otherwise', () => {
    expect(judgeWishes(capsule, account)).toEqual([]);
    const first = capsule.events.find(({ type }) => type === 'OrderRequested');
    const brake = (type: 'TradingHalted' | 'CloseOnlySet' | 'ShadowSet', data: object, subject = SYSTEM_ACCOUNT) =>
      present(recorded([anEvent(type, data, { subject })])[0], 'one event');
    const held = (...brakes: readonly RecordedEvent[]) =>
      judgeWishes({ ...capsule, configuration: { ...capsule.configuration, brakes: [...brakes] } }, account);
    expect(held(brake('TradingHalted', {}))[0]).toBe(
      `position ${first?.position}, OrderRequested: taken, and now trading-halted`,
    );
    expect(held(brake('CloseOnlySet', { closeOnly: true }, account))[0]).toContain('taken, and now close-only');
    const shadow = held(brake('ShadowSet', { edge: null, shadow: true }));
    expect(shadow[0]).toContain('taken, and now in-shadow');
    expect(
      held(brake('ShadowSet', { edge: null, shadow: true }), brake('ShadowSet', { edge: null, shadow: false })),
    ).toEqual([]);
    const refused = recorded([
      anEvent('CommandRefused', { command: 'PlaceOrder', reason: 'trading-halted' }, { subject: account }),
    ]);
    expect(judgeWishes({ ...capsule, events: [...refused] }, account)).toEqual([
      expect.stringContaining('trading-halted, and now taken'),
    ]);
  });

  it('tells other costs from other facts', () => {
    const { divergences } = played(
      altered((event) =>
        event.type === 'PositionClosed' ? { ...event, data: { ...event.data, profit: '-205.79' } } : event,
      ),
    );
    expect(divergences.map(({ kind }) => kind)).toEqual(['money']);
  });

  it('knows what came out and is not recorded, and what is and did not', () => {
    const { divergences } = played(altered((event) => (event.type === 'PositionReduced' ? null : event)));
    expect(divergences).toEqual([]);
    const more = played(altered((event) => (event.type === 'RequestRejected' ? null : event)));
    expect(new Set(more.divergences.map(({ kind }) => kind))).toEqual(new Set(['more']));
  });

  it('says what it cannot play, and goes on', () => {
    const strange = Capsule.parse(JSON.parse(text.replaceAll('"GOLD"', '"NICKEL"')));
    const { unplayed } = played(strange.events);
    expect(unplayed).toContainEqual(expect.stringMatching(/^position \d+, PositionOpened: .*does not trade NICKEL$/));
    const torn = altered((event) => (event.type === 'OrderRequested' ? null : event));
    expect(played(torn).unplayed).toContainEqual(expect.stringContaining('dispatched without an open request'));
  });

  it('of a file says how it went by its exit code', () => {
    const folder = mkdtempSync(join(tmpdir(), 'capsule-'));
    const outcome = (content: string): [code: number, last: string | undefined] => {
      const lines: string[] = [];
      const print = (line: string): void => void lines.push(line);
      const file = join(folder, 'capsule.json');
      writeFileSync(file, content);
      return [runCapsuleFile(file, print, print), lines.at(-1)];
    };
    expect(outcome(text)).toEqual([0, 'the same facts came out']);
    expect(outcome(text.replace('"takeProfit": null', '"takeProfit": "1.5"'))).toEqual([1, 'other facts came out']);
    expect(outcome('{}')).toEqual([2, expect.stringContaining('no capsule')]);
    rmSync(folder, { recursive: true });
  });
});

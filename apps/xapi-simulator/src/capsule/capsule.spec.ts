import type { RecordedEvent } from '@core/contracts/event';
import { Capsule } from '@core/operations/capsule';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playAccount } from './capsule-play.ts';
import { compareFacts } from './compare-facts.ts';
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

import { holesIn, type Ranges } from '@core/bars/known-ranges';
import type { Instant, Instrument } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import type { VenueTerms } from '@core/market-bars/bar-store';
import type { Command } from 'commander';
import { BadInput } from './bad-input.ts';
import { withSystem } from './cli.ts';
import { shortTime } from './output.ts';
import { table } from './table.ts';
import { venueNamed } from './venue-named.ts';

interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/** How much of an instrument's bars is settled. */
interface Reach extends Stretch {
  readonly instrument: Instrument;
  /** What is not known before `until`, back to the first day of which anything is told; the newest first. */
  readonly holes: readonly Stretch[];
}

/** `ops market bars …`: how far the stored bars of a venue reach, out of Postgres. */
export function addMarketBars(market: Command): void {
  market
    .command('bars <venue> [instrument]')
    .description('how far stored bars reach, and what of them is missing')
    .action(
      withSystem(async (system, output, _options, [named = '', instrument]) => {
        const venue = venueNamed(named);
        const store = await system.bars();
        const terms = await store.terms(venue);
        if (terms === null) throw new BadInput(`nobody has kept bars of ${venue} yet`);
        const known = await store.knownOf(venue, instrument === undefined ? undefined : [instrument]);
        const reaches = [...known].map(([name, ranges]) => reachOf(name, ranges, terms));
        const sorted = reaches.toSorted((one, two) => (one.instrument < two.instrument ? -1 : 1));
        output.say(sorted, () => reachTable(sorted));
      }),
    );
}

function reachOf(instrument: Instrument, ranges: Ranges, { floorMs }: VenueTerms): Reach {
  const untilMs = ranges.at(-1)?.untilMs ?? floorMs;
  const holes = holesIn(ranges, { fromMs: floorMs, untilMs }).toReversed();
  return {
    ...{ instrument, from: instantFromMs(ranges[0]?.fromMs ?? floorMs), until: instantFromMs(untilMs) },
    holes: holes.map((hole) => ({ from: instantFromMs(hole.fromMs), until: instantFromMs(hole.untilMs) })),
  };
}

const reachTable = (reaches: readonly Reach[]): string =>
  table(
    ['instrument', 'from', 'until', 'missing', 'newest missing'],
    reaches.map(({ instrument, from, until, holes: [newest, ...others] }) => [
      ...[instrument, minuteText(from), minuteText(until), newest ? others.length + 1 : 0],
      newest ? `${minuteText(newest.from)} to ${minuteText(newest.until)}` : '-',
    ]),
    'nothing is known yet',
  );

const minuteText = (instant: Instant): string => shortTime(instant).slice(0, 16);

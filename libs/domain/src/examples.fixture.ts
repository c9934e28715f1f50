// The circumstances of a spec: ten o'clock, a venue with EURUSD and GOLD, nothing halted.
import type { Command } from '@core/contracts/command';
import { exampleNow } from '@core/contracts/command-examples.fixture';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { UNKNOWN_MARKET } from '@core/contracts/market/valuation';
import type { Instrument, Venue } from '@core/contracts/primitives';
import { toMs } from '@core/kernel/instant';
import { accountAggregate, type AccountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import type { DecisionContext, InstrumentLookup } from './decision.ts';
import { noRestrictions } from './risk.ts';

/** Trades in steps of a tenth of a lot. */
export const gold = anInstrument({
  instrument: 'GOLD',
  category: 'commodity',
  contract: { contractSize: '100', baseCurrency: 'XAU', quoteCurrency: 'USD', digits: 2, pipSize: '0.01' },
  minLots: '0.1',
  maxLots: '10',
  stepLots: '0.1',
  tickSize: '0.01',
});

const instruments: Readonly<Record<Instrument, InstrumentLookup>> = { EURUSD: anInstrument(), GOLD: gold };

/** A context with the parts that matter to the test. The venue `demo` is the only one anybody knows of. */
export const aContext = (
  parts: Partial<DecisionContext & { instruments: Readonly<Record<Instrument, InstrumentLookup>> }> = {},
): DecisionContext => ({
  now: exampleNow,
  ageMs: (_, askedAt) => toMs(parts.now ?? exampleNow) - toMs(askedAt),
  instrument: (venue: Venue, instrument: Instrument) =>
    venue === 'demo' ? (parts.instruments?.[instrument] ?? instruments[instrument] ?? 'unknown') : 'unavailable',
  system: noRestrictions(),
  systemLimits: { own: {}, ofTraders: {}, duplicateWindowMs: {} },
  market: () => UNKNOWN_MARKET,
  handedIn: () => null,
  arrivals: {},
  whyUnfit: () => null,
  limits: { requestMaxAgeMs: 60_000, marketOrderMaxAgeMs: 60_000 },
  ...parts,
});

/** The rules of an account in a context, for `given`. */
export const accountRules = (context: DecisionContext = aContext()) => ({
  initial: () => accountAggregate.initial(),
  evolve: accountAggregate.evolve,
  decide: (state: AccountAggregate, command: Command) => decideCommand(state, command, context),
});

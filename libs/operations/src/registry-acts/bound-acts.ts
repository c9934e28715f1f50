import { LimitKind } from '@core/contracts/limit';
import { SYSTEM_ACCOUNT, Venue, type Decimal } from '@core/contracts/primitives';
import { compare, isNegative, parseDecimal } from '@core/kernel/decimal';
import type { Registry } from '@core/registry/registry';
import type { SlippageScope } from '@core/registry/slippage-registry';
import { z } from 'zod';
import { accepted, acceptedInWords } from '../accepted-at.ts';
import { accountMeant } from '../account-meant.ts';
import { AskedWrongly } from '../asked-wrongly.ts';
import { onlyMatch } from '../lookup.ts';
import { traderMeant } from '../trader-meant.ts';
import { everyone, ofAccount, ofTrader, those, type Concerned } from '../whom.ts';
import type { RegistryAct } from './registry-act.ts';

const NONE = 'none';

const Limit = z.strictObject({
  limit: LimitKind,
  /** Lots, money of the account, percent, seconds or a number, as the limit says; or `none`. */
  allowed: z.string(),
  /** One account, or the accounts of one trader; everyone where neither is said. */
  account: z.string().optional(),
  trader: z.string().optional(),
});

const Slippage = z.strictObject({
  /** Percent; or `none`. */
  percent: z.string(),
  /** Of one of these; everyone's where none is said. */
  ...{ account: z.string().optional(), integration: z.string().optional(), venue: z.string().optional() },
  /** In this instrument of the venue only. */
  instrument: z.string().optional(),
});

const limit: RegistryAct<z.output<typeof Limit>> = {
  wish: Limit,
  async plan({ limit: kind, allowed: text, account: one, trader }, registry) {
    if (one !== undefined && trader !== undefined) throw new AskedWrongly('say an account or a trader, not both');
    const account = one === undefined ? SYSTEM_ACCOUNT : await accountMeant(registry, one);
    const of = trader === undefined ? null : await traderMeant(registry, trader);
    const traderId = of?.id ?? null;
    const allowed = allowedOf(text);
    const whose = of ? `trader ${of.login}` : account === SYSTEM_ACCOUNT ? 'everyone' : `account ${account}`;
    return {
      concerned: of ? ofTrader(of.id) : ofAccount(account),
      secret: null,
      async carryOut(hands) {
        const data = { ...hands.decision, limit: kind, traderId, allowed };
        const outcome = accepted(await hands.ask(account, { type: 'SetLimit', data }));
        const said = allowed === null ? 'is not limited any more' : `is at most ${allowed}`;
        return {
          text: acceptedInWords(outcome, `${kind} of ${whose}`, `${kind} of ${whose} ${said}`),
          fields: { account, traderId, limit: kind, allowed, ...outcome },
          secret: null,
        };
      },
    };
  },
};

const slippage: RegistryAct<z.output<typeof Slippage>> = {
  wish: Slippage,
  async plan({ percent: text, ...of }, registry) {
    const percent = percentOf(text);
    const { scope, whose, concerned } = await scopeOf(registry, of);
    return {
      concerned,
      secret: null,
      async carryOut(hands) {
        const act = { what: 'slippage', action: percent === null ? 'lifted' : 'set', target: whose } as const;
        await hands.change(act, (changed) => changed.slippage.set(scope, percent));
        const said = percent === null ? 'has no bound of its own any more' : `is at most ${percent} %`;
        return { text: `slippage of ${whose} ${said}`, fields: { ...scope, percent }, secret: null };
      },
    };
  },
};

/** The most that is allowed, and how far prices may slip. */
export const boundActs = { 'limits set': limit, 'slippage set': slippage } as const;

/** How a bound of a venue is called, or of one of its instruments. */
export const venueInWords = (venue: string, instrument: string): string =>
  instrument === '' ? `venue ${venue}` : `${instrument} at ${venue}`;

async function scopeOf(
  registry: Registry,
  { account, integration, venue, instrument }: Omit<z.output<typeof Slippage>, 'percent'>,
): Promise<{ readonly scope: SlippageScope; readonly whose: string; readonly concerned: Concerned }> {
  if ([account, integration, venue].filter((each) => each !== undefined).length > 1)
    throw new AskedWrongly('say one of account, integration and venue');
  if (instrument !== undefined && venue === undefined) throw new AskedWrongly('an instrument wants its venue');
  if (account !== undefined) {
    const id = await accountMeant(registry, account);
    return { scope: { of: 'account', account: id }, whose: `account ${id}`, concerned: ofAccount(id) };
  }
  if (integration !== undefined) {
    const { id, accountId } = onlyMatch(await registry.integrations(), integration, 'integration');
    const concerned = ofAccount(accountId);
    return { scope: { of: 'integration', integration: id }, whose: `integration ${id}`, concerned };
  }
  if (venue === undefined)
    return { scope: { of: 'venue', venue: '*', instrument: '' }, whose: 'everyone', concerned: everyone };
  const known = Venue.safeParse(venue).success && (await registry.brokers()).some((broker) => broker.venue === venue);
  if (!known) throw new AskedWrongly(`there is no venue ${venue}`);
  return {
    scope: { of: 'venue', venue, instrument: instrument ?? '' },
    whose: venueInWords(venue, instrument ?? ''),
    concerned: those((each) => each.venue === venue),
  };
}

function allowedOf(text: string): Decimal | null {
  if (text === NONE) return null;
  const allowed = parseDecimal(text);
  if (allowed === null || isNegative(allowed)) throw new AskedWrongly(`${text} is no number of zero or more, nor none`);
  return allowed;
}

function percentOf(text: string): Decimal | null {
  if (text === NONE) return null;
  const percent = parseDecimal(text);
  if (percent === null || isNegative(percent) || compare(percent, '100') >= 0)
    throw new AskedWrongly(`${text} is no percentage below 100, nor none`);
  return percent;
}

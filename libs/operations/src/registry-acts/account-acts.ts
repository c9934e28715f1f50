import { Venue } from '@core/contracts/primitives';
import type { RegisteredAccount } from '@core/registry/entities';
import { isInClear, XapiEndpoint } from '@core/xapi/wire/endpoint';
import { z } from 'zod';
import { acceptedAt } from '../accepted-at.ts';
import { accountMeant } from '../account-meant.ts';
import { AskedWrongly } from '../asked-wrongly.ts';
import { traderMeant } from '../trader-meant.ts';
import { nobodyYet, ofAccount } from '../whom.ts';
import { paperBroker, PaperVenue } from './paper-venue.ts';
import type { OperatorHands, RegistryAct, SecretWanted } from './registry-act.ts';
import { xapiBroker, XapiVenue } from './xapi-venue.ts';

const TEXT_MAX = 64;

/** A paper venue asks for none. */
const NO_PASSWORD = 'paper';

/** How a venue is kept, by what it speaks. */
const BROKERS = { xapi: xapiBroker, paper: paperBroker } as const;

const OfAccount = z.strictObject({ account: z.string() });
const Netting = OfAccount.extend({
  shown: z.enum(['on', 'off'], { error: ({ input }) => `netting is on or off, not ${String(input)}` }),
});
const NewAccount = z.strictObject({
  trader: z.string(),
  venue: z.string().refine((venue) => Venue.safeParse(venue).success, {
    error: ({ input }) => `a venue has a short lower-case name, not ${String(input)}`,
  }),
  login: z.string().max(TEXT_MAX, 'this is no login').regex(/^\S+$/, 'this is no login'),
  name: z.string().min(1).max(TEXT_MAX).optional(),
  mode: z.enum(['demo', 'live']),
  /** What the venue speaks; xapi where it is new. */
  protocol: z.enum(['xapi', 'paper']).optional(),
  ...XapiVenue.shape,
  ...PaperVenue.shape,
});

/** Registering again what is registered already is how a password is changed. */
async function inTheLog(
  hands: OperatorHands,
  { id, traderId, venue, mode }: RegisteredAccount,
): Promise<number | null> {
  const answer = await hands.ask(id, { type: 'RegisterAccount', data: { traderId, venue, mode } });
  if (!answer.ok && answer.refusal.reason === 'account-already-registered') return null;
  return acceptedAt(answer);
}

const brokersPassword = (of: string): SecretWanted => ({ prompt: `Password of ${of}`, minimum: 1, isNew: false });

const add: RegistryAct<z.output<typeof NewAccount>> = {
  wish: NewAccount,
  async plan(asked, registry) {
    const { venue, login: brokerLogin, mode } = asked;
    const trader = await traderMeant(registry, asked.trader);
    const known = (await registry.brokers()).find((broker) => broker.venue === venue);
    const protocol = asked.protocol ?? (known?.protocol === 'paper' ? 'paper' : 'xapi');
    const broker = BROKERS[protocol](known, asked);
    if (protocol === 'xapi' && mode === 'live' && isInClear(XapiEndpoint.parse(broker.endpoint)))
      throw new AskedWrongly(
        `a live account is not reached in clear: ${venue} wants the transport tls or wss, and a real certificate`,
      );
    if (protocol === 'paper' && mode === 'live') throw new AskedWrongly('paper money is nobody’s: its mode is demo');
    const name = asked.name ?? `${venue} ${brokerLogin}`;
    return {
      concerned: { ...nobodyYet, toCome: { mode } },
      secret: protocol === 'paper' ? null : brokersPassword(`${brokerLogin} at ${venue}`),
      async carryOut(hands, typed) {
        const password = protocol === 'paper' ? NO_PASSWORD : typed;
        const act = { what: 'account', action: 'added', target: ({ id }: RegisteredAccount) => id } as const;
        const account = await hands.change(act, async (changed) => {
          await changed.putBroker(broker);
          return changed.putAccount({ traderId: trader.id, venue, brokerLogin, password, name, mode });
        });
        const position = await inTheLog(hands, account);
        const where = position === null ? 'registered before' : `registered at position ${position}`;
        const fields = { account: account.id, position };
        return { text: `account ${account.id}, ${where}`, fields, secret: null };
      },
    };
  },
};

const switching = (verb: 'disable' | 'enable'): RegistryAct<z.output<typeof OfAccount>> => ({
  wish: OfAccount,
  async plan({ account: text }, registry) {
    const account = await accountMeant(registry, text);
    const enabled = verb === 'enable';
    return {
      concerned: ofAccount(account),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'account', action: `${verb}d`, target: account } as const;
        await hands.change(act, (changed) => changed.setAccountEnabled(account, enabled));
        return { text: `account ${account} is ${verb}d`, fields: { account, enabled }, secret: null };
      },
    };
  },
});

const password: RegistryAct<z.output<typeof OfAccount>> = {
  wish: OfAccount,
  async plan({ account: text }, registry) {
    const account = await accountMeant(registry, text);
    return {
      concerned: ofAccount(account),
      secret: brokersPassword(`account ${account}`),
      async carryOut(hands, typed) {
        const act = { what: 'account', action: 'password-set', target: account } as const;
        await hands.change(act, (changed) => changed.setBrokerPassword(account, typed));
        return { text: `account ${account} has another password`, fields: { account }, secret: null };
      },
    };
  },
};

const netting: RegistryAct<z.output<typeof Netting>> = {
  wish: Netting,
  async plan({ account: text, shown }, registry) {
    const account = await accountMeant(registry, text);
    return {
      concerned: ofAccount(account),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'account', action: `netting-${shown}`, target: account } as const;
        await hands.change(act, (changed) => changed.setAccountNetting(account, shown === 'on'));
        const fields = { account, netting: shown === 'on' };
        return { text: `netting of account ${account} is ${shown}`, fields, secret: null };
      },
    };
  },
};

/** Accounts at brokers. */
export const accountActs = {
  'accounts add': add,
  'accounts disable': switching('disable'),
  'accounts enable': switching('enable'),
  'accounts password': password,
  'accounts netting': netting,
} as const;

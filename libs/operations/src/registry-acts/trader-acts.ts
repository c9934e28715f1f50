import type { Trader } from '@core/registry/entities';
import { z } from 'zod';
import { AskedWrongly } from '../asked-wrongly.ts';
import { traderMeant } from '../trader-meant.ts';
import { nobodyYet, ofTrader } from '../whom.ts';
import type { RegistryAct, SecretWanted } from './registry-act.ts';

const LOGIN_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const PASSWORD_MIN = 8;

const OfTrader = z.strictObject({ login: z.string() });
const NewLogin = z.strictObject({
  login: z.string().regex(LOGIN_PATTERN, {
    error: ({ input }) => `${String(input)} is no login: letters, digits and . _ @ -`,
  }),
});

const passwordFor = (login: string): SecretWanted => ({
  ...{ prompt: `Password for ${login}`, minimum: PASSWORD_MIN, isNew: true },
});

const add: RegistryAct<z.output<typeof NewLogin>> = {
  wish: NewLogin,
  async plan({ login }, registry) {
    if ((await registry.traders()).some((trader) => trader.login === login))
      throw new AskedWrongly(`trader ${login} exists already`);
    return {
      concerned: nobodyYet,
      secret: passwordFor(login),
      async carryOut(hands, password) {
        const act = { what: 'trader', action: 'added', target: (made: Trader) => made.id } as const;
        const { id } = await hands.change(act, (changed) => changed.addTrader(login, password));
        return { text: `trader ${id}`, fields: { trader: id, login }, secret: null };
      },
    };
  },
};

const passwd: RegistryAct<z.output<typeof OfTrader>> = {
  wish: OfTrader,
  async plan({ login }, registry) {
    const { id } = await traderMeant(registry, login);
    return {
      concerned: ofTrader(id),
      secret: passwordFor(login),
      async carryOut(hands, password) {
        const act = { what: 'trader', action: 'password-set', target: id } as const;
        await hands.change(act, (changed) => changed.setTraderPassword(id, password));
        return { text: `trader ${login} has another password`, fields: { trader: id, login }, secret: null };
      },
    };
  },
};

const switching = (verb: 'disable' | 'enable'): RegistryAct<z.output<typeof OfTrader>> => ({
  wish: OfTrader,
  async plan({ login }, registry) {
    const { id } = await traderMeant(registry, login);
    const disabled = verb === 'disable';
    return {
      concerned: ofTrader(id),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'trader', action: `${verb}d`, target: id } as const;
        await hands.change(act, (changed) => changed.setTraderDisabled(id, disabled));
        return { text: `trader ${login} is ${verb}d`, fields: { trader: id, login, disabled }, secret: null };
      },
    };
  },
});

/** Only of somebody who is let in no more: it cannot be taken back. */
const forget: RegistryAct<z.output<typeof OfTrader>> = {
  wish: OfTrader,
  async plan({ login }, registry) {
    const { id, disabled } = await traderMeant(registry, login);
    if (!disabled) throw new AskedWrongly(`trader ${login} is still let in: disable them first`);
    return {
      concerned: ofTrader(id),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'trader', action: 'forgotten', target: id } as const;
        await hands.change(act, (changed) => changed.forgetTrader(id));
        const text = `trader ${id}: who they are is erased here; what the log says stays`;
        return { text, fields: { trader: id }, secret: null };
      },
    };
  },
};

/** People who log in to TradingView with us. */
export const traderActs = {
  'traders add': add,
  'traders passwd': passwd,
  'traders disable': switching('disable'),
  'traders enable': switching('enable'),
  'traders forget': forget,
} as const;

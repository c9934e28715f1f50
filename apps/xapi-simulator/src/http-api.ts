import { returned, type HttpAnswer, type HttpApi, type HttpOperation, type HttpShape } from '@core/service/http-api';
import { z } from 'zod';
import { BehaviourSettings } from './core/behaviour-settings.ts';
import { Fault } from './core/faults.ts';
import { AccountsController, JournalQuery } from './control/accounts.controller.ts';
import { actions } from './control/actions.ts';
import { FaultsController, TrafficQuery } from './control/faults.controller.ts';
import { Advance, PricesController } from './control/prices.controller.ts';
import { ControlRefusal } from './control/refusals.filter.ts';
import { StandingController } from './control/standing.controller.ts';

/** What the framework refuses before anything of ours is asked. */
const Unheard = z.object({ statusCode: z.int(), message: z.string(), error: z.string().optional() });

const REFUSALS: Readonly<Record<number, HttpAnswer>> = {
  400: { meaning: 'It is not what this takes; each wrong field is named.', shape: z.union([ControlRefusal, Unheard]) },
  403: { meaning: 'Asked by a page of another origin, or by a name with dots.', shape: Unheard },
  404: { meaning: 'There is no such account, position, order, instrument or fault.', shape: ControlRefusal },
  409: { meaning: 'It is there, and this cannot be done to it now.', shape: ControlRefusal },
  415: { meaning: 'The body is no JSON.', shape: Unheard },
};

interface Asked {
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status?: 200 | 201;
}

const operation =
  (group: string) =>
  (summary: string, answer: HttpShape, { query, body, status = 200 }: Asked = {}): HttpOperation => ({
    ...{ group, summary, access: null },
    ...(query && { query: [query] }),
    ...(body && { body }),
    answers: { [status]: { meaning: 'What there is, or what was done.', shape: answer }, ...REFUSALS },
  });

const ofAccounts = operation('Accounts, positions, orders');
const ofPrices = operation('Prices and time');
const ofFaults = operation('Connections, settings, faults');

const UserQuery = z.object({ userId: z.string().optional() });
const done = z.strictObject({ done: z.literal(true) });
const position = z.strictObject({ position: z.int() });
const order = z.strictObject({ order: z.int() });
const doneAt = z.strictObject({
  done: z.literal(true),
  now: z.number().describe('The broker’s clock, in milliseconds.'),
});
const connections = z.strictObject({ connections: z.int() });

/** Everything that the control port answers. */
export const controlApi: HttpApi = {
  title: 'Trading core: the simulator’s control API',
  description: [
    'A human’s hand at a simulated broker: accounts, positions, prices, time, and what goes wrong.',
    'It is for scripts on this machine: no password is asked, and pages of another origin are refused.',
    'Prices, volumes and money are taken as numbers or decimal text and told as decimal text; instants are milliseconds since 1970.',
  ].join('\n\n'),
  server: 'http://localhost:5120',
  bodyType: 'application/json',
  access: {},
  names: { BehaviourSettings, ControlRefusal, Unheard },
  operations: {
    'GET /control/accounts': ofAccounts('Every account, with its figures.', returned(AccountsController, 'accounts')),
    'POST /control/accounts': ofAccounts('Makes an account.', done, { body: actions.addAccount, status: 201 }),
    'GET /control/positions': ofAccounts(
      'Open positions, of everyone or of one user.',
      returned(AccountsController, 'positions'),
      {
        query: UserQuery,
      },
    ),
    'POST /control/accounts/{userId}/positions': ofAccounts('Opens a position without any client.', position, {
      body: actions.openPosition.omit({ userId: true }),
      status: 201,
    }),
    'POST /control/positions/{position}/hit': ofAccounts('Moves the price to its stop loss or take profit.', done, {
      body: actions.hit.omit({ position: true }),
    }),
    'POST /control/positions/{position}/close': ofAccounts('Closes it, or a part of it.', done, {
      body: actions.closePosition.omit({ position: true }),
    }),
    'POST /control/positions/{position}/modify': ofAccounts('Changes stop loss and take profit.', done, {
      body: actions.modifyPosition.omit({ position: true }),
    }),
    'GET /control/orders': ofAccounts(
      'Pending orders, of everyone or of one user.',
      returned(AccountsController, 'orders'),
      {
        query: UserQuery,
      },
    ),
    'POST /control/accounts/{userId}/orders': ofAccounts('Places a pending order.', order, {
      body: actions.placeOrder.omit({ userId: true }),
      status: 201,
    }),
    'DELETE /control/orders/{order}': ofAccounts('Cancels a pending order.', done),
    'POST /control/accounts/{userId}/cash': ofAccounts('Deposits, or withdraws what is negative.', order, {
      body: actions.cash.omit({ userId: true }),
      status: 201,
    }),
    'POST /control/accounts/{userId}/resync': ofAccounts('Streams every position again, unchanged.', done),
    'POST /control/accounts/{userId}/login': ofAccounts('Lets the user log in, or not.', done, {
      body: actions.loginDisabled.omit({ userId: true }),
    }),
    'POST /control/accounts/{userId}/session': ofAccounts(
      'Ends the user’s sessions.',
      z.strictObject({ ended: z.int() }),
      { body: actions.endSession.omit({ userId: true }) },
    ),
    'GET /control/journal': ofAccounts(
      'Every order that reached the broker.',
      returned(AccountsController, 'journal'),
      {
        query: JournalQuery,
      },
    ),
    'POST /control/rollover': ofAccounts('Charges a night’s swaps now.', done, { body: actions.rollover }),

    'GET /control/prices': ofPrices('The price of every instrument.', returned(PricesController, 'prices')),
    'PUT /control/prices/{symbol}': ofPrices('Sets a price.', doneAt, {
      body: actions.setPrice.omit({ symbol: true }),
    }),
    'POST /control/prices/{symbol}/move': ofPrices('Moves bid and ask alike.', doneAt, {
      body: actions.movePrice.omit({ symbol: true }),
    }),
    'POST /control/prices/{symbol}/hold': ofPrices('Whether the price walks by itself.', doneAt, {
      body: actions.holdPrice.omit({ symbol: true }),
    }),
    'POST /control/prices/{symbol}/burst': ofPrices('So many ticks at once.', doneAt, {
      body: actions.tickBurst.omit({ symbol: true }),
    }),
    'POST /control/news': ofPrices('Streams a news item.', doneAt, { body: actions.news, status: 201 }),
    'GET /control/clock': ofPrices('The broker’s time.', returned(PricesController, 'clock')),
    'POST /control/clock/advance': ofPrices('Lets time pass at once.', returned(PricesController, 'advance'), {
      body: Advance,
    }),

    'GET /control/addresses': ofFaults('Where clients connect.', returned(FaultsController, 'addresses')),
    'GET /control/certificate': {
      ...ofFaults('What clients of TLS and WSS are to trust.', done),
      answers: { 200: { meaning: 'The certificate, as PEM.', type: 'application/x-pem-file' }, ...REFUSALS },
    },
    'GET /control/standing': ofFaults(
      'What its page shows: prices, faults, connections, the last hundred trades.',
      returned(StandingController, 'standing'),
    ),
    'GET /control/connections': ofFaults('Who is connected.', returned(FaultsController, 'connections')),
    'GET /control/traffic': ofFaults(
      'What passes on connections: kept from the first question on, for as long as somebody asks.',
      returned(FaultsController, 'traffic'),
      { query: TrafficQuery },
    ),
    'POST /control/disconnect': ofFaults('Ends connections; of everyone where no user is named.', connections, {
      body: actions.disconnect,
    }),
    'POST /control/raw': ofFaults('Sends text as it is, to each matching connection.', connections, {
      body: actions.raw,
    }),
    'GET /control/knobs': ofFaults('How the broker behaves.', BehaviourSettings),
    'PATCH /control/knobs': ofFaults('Changes that; what is not named stays.', BehaviourSettings, {
      body: BehaviourSettings,
    }),
    'DELETE /control/knobs': ofFaults('Back to how it usually behaves.', BehaviourSettings),
    'GET /control/faults': ofFaults('The faults in force, the oldest first.', returned(FaultsController, 'faults')),
    'POST /control/faults': ofFaults('Makes something go wrong.', returned(FaultsController, 'set'), {
      body: Fault,
      status: 201,
    }),
    'DELETE /control/faults': ofFaults('Lifts every fault.', done),
    'DELETE /control/faults/{id}': ofFaults('Lifts a fault.', done),
  },
};

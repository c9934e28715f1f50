// One valid example of every event, for tests and for the generated documentation.
import { versionOf, type Event, type EventOf, type EventType, type EventBody, type Place } from './event.ts';
import type { AccountId, ContractTerms, Uuid } from './primitives.ts';

/** A readable UUID: `exampleId(0xa1)` ends in `a1`. */
export const exampleId = (n: number): Uuid => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const exampleAccount: AccountId = exampleId(0xacc1);
const trader = exampleId(0x7ade);
const order = exampleId(0x0d1);
const request = exampleId(0x4e9);
const position = exampleId(0x905);
const integration = exampleId(0x171);
const signal = exampleId(0x519);

export const eurusdTerms = {
  contractSize: '100000',
  baseCurrency: 'EUR',
  quoteCurrency: 'USD',
  digits: 5,
  pipSize: '0.0001',
} satisfies ContractTerms;

const requester = { edge: 'tv-gateway', reference: null } as const;
const terms = {
  instrument: 'EURUSD',
  contract: eurusdTerms,
  side: 'buy',
  kind: 'limit',
  volumeLots: '0.1',
  price: '1.1',
  stopLoss: '1.09',
  takeProfit: '1.12',
  expiresAt: null,
} as const;
const step = { kind: 'order', requestId: order } as const;
const strategy = { integrationId: integration, strategyId: '6bbc583bf6d70605bbbc892f66367ab7' };
const decision = { operator: 'ada', note: 'maintenance' };
const deal = {
  positionId: position,
  deal: '73000001',
  volumeLots: '0.1',
  price: '1.101',
  profit: '10',
  swap: '0',
  commission: '0',
  reason: 'user',
  requestId: null,
  inferred: false,
} as const;

const exampleData: { readonly [Type in EventType]: EventBody<Type>['data'] } = {
  AccountRegistered: { traderId: trader, venue: 'demo', mode: 'demo' },
  AccountSessionOpened: { connector: 'xapi-connector-1' },
  AccountSessionLost: { connector: 'xapi-connector-1', reason: 'keep-alive missing' },
  AccountUpdated: { currency: 'USD', leverage: '100', group: 'demo', tradingDisabled: false },
  BalanceChanged: {
    balance: '10010',
    credit: '0',
    operation: { type: 'trading', delta: '10', reference: position, comment: null },
  },
  EquityMarked: {
    balance: '10000',
    credit: '0',
    equity: '10010',
    margin: '110',
    marginFree: '9890',
    marginLevel: '9100',
  },
  AccountMoveBegun: { ...decision, moveId: exampleId(0x307e), from: 'a', to: 'b' },
  AccountDeparted: { moveId: exampleId(0x307e), to: 'b' },
  AccountArrived: { moveId: exampleId(0x307e), from: 'a' },
  AccountMoveTakenBack: { ...decision, moveId: exampleId(0x307e) },
  ArrivalExpected: {
    ...decision,
    moveId: exampleId(0x307e),
    accountId: exampleAccount,
    from: 'a',
    expected: true,
  },
  AccountReconciled: { outcome: 'clean', positions: 1, orders: 0, drifts: [] },

  OrderRequested: { orderId: order, ...terms, requester, signal: null },
  AmendmentRequested: {
    requestId: request,
    terms: { target: 'position', positionId: position, stopLoss: '1.095', takeProfit: null },
    requester,
  },
  CancellationRequested: { requestId: request, orderId: order, requester },
  CloseRequested: { requestId: request, positionId: position, volumeLots: '0.1', requester, signal: null },
  RequestDispatched: { ...step, connector: 'xapi-connector-1' },
  RequestAccepted: { ...step, brokerRequest: '500000100', evidence: null },
  RequestRejected: { ...step, reason: 'insufficient-funds', brokerCode: 'BE009', text: 'Not enough money' },
  RequestOutcomeUnknown: { ...step, cause: 'timeout' },
  RequestExpired: { ...step, reason: 'not-sent', evidence: null },
  RequestResolved: { ...step, operator: 'ada', note: 'maintenance', executed: false, evidence: null },

  OrderWorking: {
    orderId: order,
    brokerOrder: '500000100',
    ...terms,
    trailingPoints: null,
    comment: null,
    inferred: false,
  },
  OrderAmended: {
    orderId: order,
    price: '1.101',
    stopLoss: '1.09',
    takeProfit: '1.12',
    trailingPoints: null,
    expiresAt: null,
    comment: null,
    inferred: false,
  },
  OrderFilled: { orderId: order, positionId: position, volumeLots: '0.1', price: '1.1', inferred: false },
  OrderCancelled: { orderId: order, reason: 'user', inferred: false },
  OrderExpired: { orderId: order, inferred: false },

  PositionOpened: {
    positionId: position,
    brokerPosition: '500000107',
    orderId: order,
    instrument: 'EURUSD',
    contract: eurusdTerms,
    side: 'buy',
    volumeLots: '0.1',
    price: '1.1',
    openedAt: '2026-01-05T10:00:00.123000Z',
    stopLoss: '1.09',
    takeProfit: '1.12',
    trailingPoints: null,
    commission: '0',
    swap: '0',
    comment: null,
    signal: null,
    inferred: false,
  },
  PositionAmended: {
    positionId: position,
    stopLoss: '1.095',
    takeProfit: '1.12',
    trailingPoints: null,
    comment: null,
    inferred: false,
  },
  PositionReduced: {
    ...deal,
    volumeLots: '0.04',
    remainingLots: '0.06',
    brokerPosition: '500000107',
    remainingSwap: '0',
    remainingCommission: '0',
  },
  PositionSwapCharged: { positionId: position, swap: '-0.42', delta: '-0.42', inferred: false },
  PositionClosed: { ...deal, closedAt: '2026-01-05T11:00:00.456000Z' },

  IntegrationApproved: { integrationId: integration },
  IntegrationRejected: { integrationId: integration },
  IntegrationDeleted: { integrationId: integration },
  StrategyEnabled: { ...strategy, name: 'Gold High-Risk' },
  StrategyDisabled: { ...strategy, name: 'Gold High-Risk' },
  SignalReceived: {
    signal: {
      signalId: signal,
      ...strategy,
      strategyName: 'Gold High-Risk',
      kind: 'open',
      side: 'buy',
      ticker: 'XAUUSD',
      quantity: '10',
      externalPositionId: '960fe1a63d264d0f4e19a0ebf385497e',
      sentAt: '2026-01-05T10:00:00.000000Z',
    },
  },
  SignalExecuted: { signalId: signal, ...strategy, requestIds: [order], superseded: false },
  SignalRefused: { signalId: signal, ...strategy, step: 'signal', reason: 'unknown-ticker', text: null },
  SignalOutcomeUnknown: { signalId: signal, ...strategy, step: 'open' },
  SignalHalfDone: { signalId: signal, ...strategy, reason: 'not-executed', text: null },
  SignalShadowed: {
    ...{ signalId: signal, ...strategy, closes: null },
    opens: { externalPositionId: 'p1', instrument: 'GOLD', side: 'buy', volumeLots: '0.1', price: '2000' },
  },
  IntegrationPolicySet: { ...decision, integrationId: integration, set: { policy: 'on_disable', value: 'close' } },
  SignalResumed: { ...decision, signalId: signal, ...strategy },
  SignalDismissed: { ...decision, signalId: signal, ...strategy },

  CommandRefused: {
    command: 'PlaceOrder',
    requestId: order,
    reason: 'limit-exceeded',
    text: null,
    breach: { limit: 'order-volume', of: 'account', allowed: '5', found: '10' },
    order: { instrument: 'EURUSD', side: 'buy', kind: 'market', volumeLots: '10', price: null },
    orderId: null,
    positionId: null,
    signalId: null,
    requester: { edge: 'tv-gateway', reference: null },
    omitted: 0,
  },

  TradingHalted: decision,
  TradingResumed: decision,
  CloseOnlySet: { ...decision, closeOnly: true },
  RequestShadowed: {
    ...{
      command: 'PlaceOrder',
      requestId: exampleId(0x5ad),
      closes: null,
      orderId: null,
      positionId: null,
      terms: null,
    },
    opens: {
      ...{ instrument: 'EURUSD', side: 'buy', kind: 'market', volumeLots: '0.1', price: null, marketPrice: '1.1001' },
    },
    requester: { edge: 'tv-gateway', reference: null },
  },
  ShadowSet: { ...decision, edge: 'tv-gateway', shadow: true },
  DuplicateGuardSet: { ...decision, edge: 'tv-gateway', windowMs: 2_000 },
  LimitSet: { ...decision, traderId: null, limit: 'order-volume', allowed: '5' },
  MessageQuarantined: { messageId: 'INTAKE/17', reason: 'malformed', detail: 'not JSON' },
  MessageReleased: { messageId: 'INTAKE/17', ...decision },
  MessageReplaced: { messageId: 'INTAKE/17', ...decision, eventIds: [exampleId(0xfac7)] },
  MessageSkipped: { messageId: 'INTAKE/17', ...decision },
  OperatorActed: { ...decision, actId: exampleId(0xac1), what: 'key', target: exampleId(0x4e1), action: 'revoked' },
};

let made = 0;

/** A valid event of a type, with the parts of its data and envelope that matter to the test. */
export function anEvent<Type extends EventType>(
  type: Type,
  data: Partial<EventBody<Type>['data']> = {},
  envelope: Partial<Pick<Event, 'id' | 'subject' | 'time' | 'correlationid' | 'causationid' | 'source'>> = {},
): EventOf<Type> {
  made += 1;
  const event: unknown = {
    id: exampleId(0xe0000000 + made),
    schemaversion: versionOf(type),
    source: 'example@0.0.0',
    subject: exampleAccount,
    time: '2026-01-05T10:00:00.000000Z',
    correlationid: exampleId(0xc0),
    causationid: null,
    ...envelope,
    type,
    data: { ...exampleData[type], ...data },
  };
  return event as EventOf<Type>;
}

/** The same events as the log would hold them: positions and versions from 1, in the order given. */
export function recorded<Given extends Event>(
  events: readonly Given[],
  after: { readonly position: number; readonly version: number } = { position: 0, version: 0 },
): (Given & Place)[] {
  const versions = new Map<AccountId, number>();
  return events.map((event, index) => {
    const version = (versions.get(event.subject) ?? after.version) + 1;
    versions.set(event.subject, version);
    return { ...event, position: after.position + index + 1, version, recordedtime: event.time };
  });
}

export const exampleTypes = Object.keys(exampleData) as EventType[];

/** What an event is to a reader of specs: its type, and of a request's step also whose: `close RequestAccepted`. */
export const toldAs = ({ type, data }: EventBody): string =>
  'requestId' in data && 'kind' in data ? `${data.kind} ${type}` : type;

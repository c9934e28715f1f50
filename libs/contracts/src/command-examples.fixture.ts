// One valid example of every command, for tests.
import type { Command, CommandType, CommandBody } from './command.ts';
import type { Signal } from './events/signal.ts';
import { exampleAccount, exampleId } from './examples.fixture.ts';
import type { Instant } from './primitives.ts';

const requester = { edge: 'tv-gateway', reference: null } as const;
const strategy = { integrationId: exampleId(0x171), strategyId: '6bbc583bf6d70605bbbc892f66367ab7' };
const decision = { operator: 'ada', note: 'maintenance' };

/** A strategy's wish to open 0.1 lot of gold, sent a second before `exampleNow`. */
export const exampleSignal: Signal = {
  signalId: exampleId(0x519),
  ...strategy,
  strategyName: 'Gold High-Risk',
  kind: 'open',
  side: 'buy',
  ticker: 'XAUUSD',
  quantity: '10',
  externalPositionId: '960fe1a63d264d0f4e19a0ebf385497e',
  sentAt: '2026-01-05T09:59:59.000000Z',
};

/** The moment at which example events happen and example commands are sent. */
export const exampleNow: Instant = '2026-01-05T10:00:00.000000Z';

const placeOrder: CommandBody<'PlaceOrder'>['data'] = {
  instrument: 'EURUSD',
  side: 'buy',
  kind: 'market',
  volumeLots: '0.1',
  price: null,
  stopLoss: null,
  takeProfit: null,
  expiresAt: null,
  requester,
  signal: null,
};

const amend: CommandBody<'Amend'>['data'] = {
  terms: { target: 'position', positionId: exampleId(0x905), stopLoss: '1.095', takeProfit: null },
  requester,
};

const exampleData: { readonly [Type in CommandType]: CommandBody<Type>['data'] } = {
  RegisterAccount: { traderId: exampleId(0x7ade), venue: 'demo', mode: 'demo' },
  PlaceOrder: placeOrder,
  Amend: amend,
  CheckRequest: { wish: { type: 'PlaceOrder', data: placeOrder } },
  CancelOrder: { orderId: exampleId(0x0d1), requester },
  ClosePosition: { positionId: exampleId(0x905), volumeLots: null, requester },
  ReversePosition: { positionId: exampleId(0x905), stopLoss: null, takeProfit: null, requester },
  DispatchRequest: { kind: 'order', requestId: exampleId(0x0d1), connector: 'xapi-connector-1' },
  CheckDispatch: { kind: 'order', requestId: exampleId(0x0d1) },
  RecordIntegration: { integrationId: strategy.integrationId, what: 'approved' },
  RecordStrategy: { ...strategy, name: 'Gold High-Risk', enabled: true },
  ReceiveSignal: { signal: exampleSignal, order: { instrument: 'GOLD', volumeLots: '0.1' }, maxAgeMs: 30_000 },
  ContinueSignal: {
    ...strategy,
    signalId: exampleSignal.signalId,
    order: { instrument: 'GOLD', volumeLots: '0.1' },
    maxAgeMs: 30_000,
  },
  ResumeSignal: { ...decision, ...strategy, signalId: exampleSignal.signalId },
  DismissSignal: { ...decision, ...strategy, signalId: exampleSignal.signalId },
  SetIntegrationPolicy: {
    ...decision,
    integrationId: strategy.integrationId,
    set: { policy: 'on_disable', value: 'close' },
  },
  SettleSignal: { ...strategy, signalId: exampleSignal.signalId, outcome: { result: 'executed' } },
  HaltTrading: decision,
  ResumeTrading: decision,
  SetCloseOnly: { ...decision, closeOnly: true },
  SkipMessage: { ...decision, messageId: 'INTAKE/17' },
  ReleaseMessage: { ...decision, messageId: 'INTAKE/17' },
  ReplaceMessage: { ...decision, messageId: 'INTAKE/17', body: '{}' },
  SetShadow: { ...decision, edge: 'tv-gateway', shadow: true },
  SetDuplicateGuard: { ...decision, edge: 'tv-gateway', windowMs: 2_000 },
  SetLimit: { ...decision, traderId: null, limit: 'order-volume', allowed: '5' },
  RecordAct: { ...decision, actId: exampleId(0xac1), what: 'key', target: exampleId(0x4e1), action: 'revoked' },
  RecordRefusal: {
    ...{ command: 'PlaceOrder', requestId: exampleId(0x0d2), reason: 'rate_limited', text: 'too many orders' },
    ...{ requester: { edge: 'ws-session', reference: 'p-1' }, omitted: 0 },
  },
  BeginMove: { ...decision, moveId: exampleId(0x307e), from: 'a', to: 'b' },
  DepartAccount: { moveId: exampleId(0x307e) },
  TakeBackMove: { ...decision, moveId: exampleId(0x307e) },
  ExpectArrival: { ...decision, moveId: exampleId(0x307e), accountId: exampleAccount, from: 'a', expected: true },
  ImportEvents: { moveId: exampleId(0x307e), events: [{}], answers: [] },
  ArriveAccount: { moveId: exampleId(0x307e) },
  ResolveRequest: { ...decision, kind: 'order', requestId: exampleId(0x0d1), executed: false, evidence: null },
};

type Narrowed<Type extends CommandType> = Extract<Command, { type: Type }>;

/** A valid command of a type, with the parts of its data and envelope that matter to the test. */
export function aCommand<Type extends CommandType>(
  type: Type,
  data: Partial<CommandBody<Type>['data']> = {},
  envelope: Partial<Pick<Command, 'commandid' | 'subject' | 'time' | 'correlationid' | 'source'>> = {},
): Narrowed<Type> {
  const command: unknown = {
    commandid: exampleId(0xc0de),
    source: 'example@0.0.0',
    subject: exampleAccount,
    time: exampleNow,
    correlationid: exampleId(0xc0),
    ...envelope,
    type,
    data: { ...exampleData[type], ...data },
  };
  return command as Narrowed<Type>;
}

export const exampleCommandTypes = Object.keys(exampleData) as CommandType[];

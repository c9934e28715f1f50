// The only place that spells a stream or a subject.
import type { CommandType } from './command.ts';
import type { AccountId, Uuid, Venue } from './primitives.ts';

export const jetStreams = {
  intake: { name: 'INTAKE', subjects: ['intake.*'] },
  /** The bucket in which connectors of a protocol hold accounts and venues. */
  leases: (protocol: string) => `${protocol}-leases`,
} as const;

export const subjects = {
  intake: (account: AccountId) => `intake.${account}`,
  /** One message per committed batch, for everyone who folds the log. */
  feed: 'feed',
  /** Conflated quotes of one venue; subscribe to all of them with `quotes('*')`. */
  quotes: (venue: Venue | '*') => `market.quotes.${venue}`,
  /** Price changes of one venue as its bars count them. */
  ticks: (venue: Venue | '*') => `market.ticks.${venue}`,
  /** The venue's instruments, whenever they change. */
  instruments: (venue: Venue | '*') => `market.instruments.${venue}`,
  /** Request without body: the venue's instruments and last quotes. */
  marketSnapshot: (venue: Venue) => `market.snapshot.${venue}`,
  /** Request with a `CandleRequest`. */
  candles: (venue: Venue) => `market.candles.${venue}`,
  /** Request with an `HoursRequest`. */
  hours: (venue: Venue) => `market.hours.${venue}`,
  /** Request without body, to whoever holds the account: whether its broker is connected. */
  connection: (account: AccountId | '*') => `market.connection.${account}`,
  /** Where a question about a market wants its answer: whoever speaks for venues may answer there, and nowhere else. */
  marketAnswer: (question: Uuid | '*') => `market.answer.${question}`,
  /** Request without body: look at the account's broker now. Whoever has a session of it answers with a `BrokerLook`. */
  brokerLook: (account: AccountId | '*') => `broker.look.${account}`,
  /** Where that wants its answer: connectors may answer there, and nowhere else. */
  brokerAnswer: (question: Uuid | '*') => `broker.answer.${question}`,
  /** Request without body: whether the ledger can answer commands, as its own `/health/ready` says. */
  ledgerReady: 'ledger.ready',
  /** An access right was withdrawn: live sessions that used it end. Body `{ keyId }`. */
  keyRevoked: 'registry.key.revoked',
  /** An operator wants a delivery of ProQuant's carried out again. Body `{ deliveryId }`. */
  replayDelivery: 'signals.replay',
  /** Accounts, credentials or integrations changed: read the registry again. Body `{}`. */
  registryChanged: 'registry.changed',
} as const;

export const commandSubjects = {
  RegisterAccount: 'command.account.register',
  PlaceOrder: 'command.order.place',
  Amend: 'command.request.amend',
  CheckRequest: 'command.request.check',
  CancelOrder: 'command.order.cancel',
  ClosePosition: 'command.position.close',
  ReversePosition: 'command.position.reverse',
  DispatchRequest: 'command.request.dispatch',
  CheckDispatch: 'command.request.check-dispatch',
  RecordIntegration: 'command.integration.record',
  RecordStrategy: 'command.strategy.record',
  ReceiveSignal: 'command.signal.receive',
  ContinueSignal: 'command.signal.continue',
  ResumeSignal: 'command.signal.resume',
  DismissSignal: 'command.signal.dismiss',
  SetIntegrationPolicy: 'command.integration.policy',
  SettleSignal: 'command.signal.settle',
  HaltTrading: 'command.trading.halt',
  ResumeTrading: 'command.trading.resume',
  SetCloseOnly: 'command.trading.close-only',
  SetLimit: 'command.trading.limit',
  SkipMessage: 'command.message.skip',
  ReleaseMessage: 'command.message.release',
  ReplaceMessage: 'command.message.replace',
  SetDuplicateGuard: 'command.trading.duplicate-guard',
  SetShadow: 'command.trading.shadow',
  RecordAct: 'command.act.record',
  RecordRefusal: 'command.refusal.record',
  BeginMove: 'command.move.begin',
  DepartAccount: 'command.move.depart',
  TakeBackMove: 'command.move.take-back',
  ExpectArrival: 'command.move.expect',
  ImportEvents: 'command.move.import',
  ArriveAccount: 'command.move.arrive',
  ResolveRequest: 'command.request.resolve',
} as const satisfies Record<CommandType, string>;

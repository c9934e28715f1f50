import type { RequestKind } from '@core/contracts/events/request';
import type { CommandType } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Requester } from '@core/contracts/events/request';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { given } from '@core/testing/given';
import { aContext, accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const [halted, resumed] = [anEvent('TradingHalted'), anEvent('TradingResumed')];
const [closeOnly, anything] = [anEvent('CloseOnlySet'), anEvent('CloseOnlySet', { closeOnly: false })];

const ada: Requester = { edge: 'tv-gateway', reference: null };
const operator: Requester = { edge: 'operator', reference: null };
const id = exampleId(0xa);

describe('operators restrict trading and lift it again', () => {
  const data = aCommand('HaltTrading').data;

  it.each([
    ['HaltTrading', [], 'TradingHalted', data],
    ['HaltTrading', [halted, resumed], 'TradingHalted', data],
    ['HaltTrading', [halted], null, null],
    ['HaltTrading', [anEvent('TradingHalted', { clearing: 'orders' })], null, null],
    ['ResumeTrading', [], null, null],
    ['ResumeTrading', [halted], 'TradingResumed', data],
    ['SetCloseOnly', [], 'CloseOnlySet', { ...data, closeOnly: true }],
    ['SetCloseOnly', [closeOnly, anything], 'CloseOnlySet', { ...data, closeOnly: true }],
    ['SetCloseOnly', [closeOnly], null, null],
  ] as const)('%s after %j: %s', (type, history, decided, told) => {
    const events = decided === null ? [] : [expect.objectContaining({ type: decided, data: told })];
    given(accountRules(), [registered, ...history])
      .when(aCommand(type))
      .then(events);
    given(accountRules(), history)
      .when(aCommand(type, {}, { subject: SYSTEM_ACCOUNT }))
      .then(events);
  });

  it('halt and close-only are lifted each by its own', () => {
    const place = aCommand('PlaceOrder');
    given(accountRules(), [registered, halted, closeOnly, resumed]).when(place).thenRefused('close-only');
    given(accountRules(), [registered, halted, closeOnly, anything]).when(place).thenRefused('trading-halted');
  });
});

describe('the system account', () => {
  it.each(['PlaceOrder', 'ResolveRequest', 'RecordStrategy'] satisfies CommandType[])('is no account: %s', (type) => {
    given(accountRules(), [registered])
      .when(aCommand(type, {}, { subject: SYSTEM_ACCOUNT }))
      .thenRefused('unknown-account');
  });
});

const orderTerms = {
  target: 'order',
  orderId: exampleId(0x0d1),
  price: '1.105',
  stopLoss: null,
  takeProfit: null,
  expiresAt: null,
} as const;
const system = { halted: false, closeOnly: false, shadow: [] };
describe.each([
  { where: 'on the account', haltedBy: [halted], closeOnlyBy: [closeOnly], all: [system, system] },
  {
    where: 'on everyone',
    haltedBy: [],
    closeOnlyBy: [],
    all: [
      { ...system, halted: true },
      { ...system, closeOnly: true },
    ],
  },
])('a restriction $where', ({ haltedBy, closeOnlyBy, all: [haltedAll, closeOnlyAll] }) => {
  const open = [registered, anEvent('OrderWorking'), anEvent('PositionOpened')];
  const underHalt = given(accountRules(aContext({ system: haltedAll })), [...open, ...haltedBy]);
  const underCloseOnly = given(accountRules(aContext({ system: closeOnlyAll })), [...open, ...closeOnlyBy]);

  it('halts everything, but withdrawing an order, and closing by an operator', () => {
    underHalt.when(aCommand('PlaceOrder')).thenRefused('trading-halted');
    underHalt.when(aCommand('PlaceOrder', { requester: operator })).thenRefused('trading-halted');
    underHalt.when(aCommand('Amend', { terms: orderTerms })).thenRefused('trading-halted');
    underHalt.when(aCommand('Amend')).thenRefused('trading-halted');
    underHalt.when(aCommand('Amend', { requester: operator })).thenRefused('trading-halted');
    underHalt.when(aCommand('ClosePosition')).thenRefused('trading-halted');
    underHalt
      .when(aCommand('ClosePosition', { requester: operator }, { commandid: id }))
      .then([expect.objectContaining({ type: 'CloseRequested' })]);
    underHalt
      .when(aCommand('CancelOrder', {}, { commandid: id }))
      .then([expect.objectContaining({ type: 'CancellationRequested' })]);
  });

  it('of close-only stops what may add exposure, and nothing else', () => {
    underCloseOnly.when(aCommand('PlaceOrder')).thenRefused('close-only');
    underCloseOnly.when(aCommand('Amend', { terms: orderTerms })).thenRefused('close-only');
    underCloseOnly.when(aCommand('Amend')).then([expect.objectContaining({ type: 'AmendmentRequested' })]);
    underCloseOnly.when(aCommand('ClosePosition')).then([expect.objectContaining({ type: 'CloseRequested' })]);
    underCloseOnly.when(aCommand('CancelOrder')).then([expect.objectContaining({ type: 'CancellationRequested' })]);
  });
});

describe('what was asked for before the restriction', () => {
  const claim = (kind: RequestKind) => aCommand('DispatchRequest', { kind, requestId: id });
  const order = anEvent('OrderRequested', { orderId: id });
  const amendOrder = anEvent('AmendmentRequested', { requestId: id, terms: orderTerms });
  const amendPosition = anEvent('AmendmentRequested', { requestId: id });
  const cancel = anEvent('CancellationRequested', { requestId: id });
  const close = anEvent('CloseRequested', { requestId: id, requester: ada });
  const closeByOperator = anEvent('CloseRequested', { requestId: id, requester: operator });
  const sent = (kind: RequestKind) => [
    { type: 'RequestDispatched' as const, data: { kind, requestId: id, connector: 'xapi-connector-1' } },
  ];

  it('is not sent after a halt: its end is recorded, and the claim refused', () => {
    const expired = (reason: 'trading-halted' | 'close-only') =>
      ({ reason: 'not-sent', evidence: null, cause: reason }) as const;
    const after = (
      request: typeof order | typeof amendOrder | typeof close | typeof cancel,
      ...restrictions: (typeof halted | typeof closeOnly)[]
    ) => given(accountRules(), [registered, request, ...restrictions]);

    after(order, halted)
      .when(claim('order'))
      .thenRefused('trading-halted', [
        { type: 'RequestExpired', data: { kind: 'order', requestId: id, ...expired('trading-halted') } },
      ]);
    after(order, closeOnly)
      .when(claim('order'))
      .thenRefused('close-only', [
        { type: 'RequestExpired', data: { kind: 'order', requestId: id, ...expired('close-only') } },
      ]);
    after(amendOrder, closeOnly)
      .when(claim('amendment'))
      .thenRefused('close-only', [
        { type: 'RequestExpired', data: { kind: 'amendment', requestId: id, ...expired('close-only') } },
      ]);
    after(close, halted)
      .when(claim('close'))
      .thenRefused('trading-halted', [
        { type: 'RequestExpired', data: { kind: 'close', requestId: id, ...expired('trading-halted') } },
      ]);
    after(closeByOperator, halted).when(claim('close')).then(sent('close'));
    after(cancel, halted, closeOnly).when(claim('cancellation')).then(sent('cancellation'));
    after(close, closeOnly).when(claim('close')).then(sent('close'));
    after(amendPosition, closeOnly).when(claim('amendment')).then(sent('amendment'));
  });
});

import { aCommand, exampleCommandTypes } from '@core/contracts/command-examples.fixture';
import type { Command } from '@core/contracts/command';
import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { fold } from '@core/kernel/projection';
import { given } from '@core/testing/given';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import { aContext, accountRules } from './examples.fixture.ts';
import { holding } from './signal-examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const positionId = exampleId(0x905);
const opened = anEvent('PositionOpened', { positionId, instrument: 'GOLD', side: 'buy', volumeLots: '0.3' });
const working = anEvent('OrderWorking');
const { orderId } = working.data;
const [inShadow, traded] = [true, false].map((shadow) => anEvent('ShadowSet', { edge: null, shadow })) as [
  Event,
  Event,
];
const requester = { edge: 'tv-gateway', reference: null };
const place = aCommand('PlaceOrder', { instrument: 'GOLD', side: 'sell', volumeLots: '0.2', requester });
const requestId = place.commandid;

const after = (...history: readonly Event[]) => given(accountRules(), [registered, opened, working, ...history]);
const none = { opens: null, closes: null, orderId: null, positionId: null, terms: null };
const shadowed = (data: Partial<EventBody<'RequestShadowed'>['data']>): EventBody => ({
  type: 'RequestShadowed',
  data: { command: 'PlaceOrder', requestId, ...none, requester, ...data },
});
const gold = (side: 'buy' | 'sell', volumeLots: '0.2' | '0.3') => ({
  ...({ instrument: 'GOLD', side, kind: 'market', volumeLots, price: null, marketPrice: null } as const),
});

describe('what is asked in shadow', () => {
  it('is recorded as it would have been traded, refused, and asks nothing of the broker', () => {
    after(inShadow)
      .when(place)
      .thenRefused('in-shadow', [shadowed({ opens: gold('sell', '0.2') })]);
    const close = aCommand('ClosePosition', { positionId, volumeLots: null, requester });
    const closes = gold('buy', '0.3');
    after(inShadow)
      .when(close)
      .thenRefused('in-shadow', [shadowed({ command: 'ClosePosition', closes, positionId })]);
    const reverse = aCommand('ReversePosition', { positionId, requester });
    const opens = gold('sell', '0.3');
    after(inShadow)
      .when(reverse)
      .thenRefused('in-shadow', [shadowed({ command: 'ReversePosition', closes, opens, positionId })]);
    const cancel = aCommand('CancelOrder', { orderId, requester });
    after(inShadow)
      .when(cancel)
      .thenRefused('in-shadow', [shadowed({ command: 'CancelOrder', orderId })]);
    const terms = { target: 'position', positionId, stopLoss: '1', takeProfit: null } as const;
    after(inShadow)
      .when(aCommand('Amend', { terms, requester }))
      .thenRefused('in-shadow', [shadowed({ command: 'Amend', terms })]);
  });

  it('is rehearsed once, however often it is sent, also when that is over', () => {
    const once = anEvent('RequestShadowed', { requestId });
    after(inShadow, once).when(place).thenRefused('in-shadow');
    after(inShadow, once, traded).when(place).thenRefused('in-shadow');
  });

  it('is refused as it would be, and a preview says that it is a rehearsal', () => {
    after(inShadow)
      .when(aCommand('PlaceOrder', { ...place.data, volumeLots: '20' }))
      .thenRefused('volume-above-maximum');
    const wish = { type: 'PlaceOrder', data: place.data } as const;
    after(inShadow).when(aCommand('CheckRequest', { wish })).thenRefused('in-shadow');
    after().when(aCommand('CheckRequest', { wish })).then([]);
  });

  it('is traded again once that is taken back, and by other edges meanwhile', () => {
    const asks = [expect.objectContaining({ type: 'OrderRequested' })];
    after(inShadow, traded).when(place).then(asks);
    const one = (edge: string) => anEvent('ShadowSet', { edge });
    after(one('ws-session')).when(place).then(asks);
    after(one('tv-gateway')).when(place).thenRefused('in-shadow', [expect.anything()]);
    after(one('tv-gateway'), traded).when(place).thenRefused('in-shadow', [expect.anything()]);
    const operator = { edge: 'operator', reference: null };
    after(inShadow)
      .when(aCommand('PlaceOrder', { ...place.data, requester: operator }))
      .then(asks);
  });

  it('holds for all accounts where the system account has it', () => {
    const { risk } = fold(accountAggregate, recorded([inShadow]));
    given(accountRules(aContext({ system: risk })), [registered])
      .when(place)
      .thenRefused('in-shadow', [expect.anything()]);
  });

  it('is switched once, of an account and of all', () => {
    const on = aCommand('SetShadow', { edge: null, shadow: true });
    const set = [expect.objectContaining({ type: 'ShadowSet', data: on.data })];
    after().when(on).then(set);
    after(inShadow).when(on).then([]);
    given(accountRules(), [])
      .when({ ...on, subject: SYSTEM_ACCOUNT })
      .then(set);
    after()
      .when(aCommand('SetShadow', { edge: null, shadow: false }))
      .then([]);
  });
});

/** Of every command, where a strategy holds a position and waits to open another. */
describe('in shadow', () => {
  const asking = ['OrderRequested', 'AmendmentRequested', 'CancellationRequested', 'CloseRequested'];
  const waiting = [...holding, opened, working, inShadow];

  it.each(exampleCommandTypes)('%s asks nothing of a broker', (type) => {
    const command: Command = aCommand(type, {}, { commandid: exampleId(0x7e57) });
    const { events } = decideCommand(fold(accountAggregate, recorded(waiting)), command, aContext());
    expect(events.map((event) => event.type).filter((each) => asking.includes(each))).toEqual([]);
  });
});

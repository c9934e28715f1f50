import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { uuidV5 } from '@core/kernel/uuid';
import { given } from '@core/testing/given';
import type { DecisionContext } from './decision.ts';
import { aContext, accountRules } from './examples.fixture.ts';
import {
  asking,
  atSecond,
  closeId,
  closes,
  orderDispatched,
  executed,
  first,
  holding,
  nextId,
  goldOpened,
  opens,
  orderId,
  origin,
  p2,
  positionId,
  receive,
  received,
  refusedAs,
  accountRegistered,
  settledAs,
  signal,
  stopped,
  strategy,
  told,
  type Said,
} from './signal-examples.fixture.ts';

const whenNothingIsHeld = given(accountRules(), [accountRegistered]);
const whileHeld = given(accountRules(), holding);
const onceStopped = given(accountRules(), stopped);

describe('a signal to close', () => {
  const close: Said = { kind: 'close' };

  it('that found nothing keeps the entry of its moment and position from opening it, and no other', () => {
    const closedAhead = [
      accountRegistered,
      anEvent('SignalReceived', { signal: signal({ ...close, signalId: first }) }),
      anEvent('SignalRefused', { ...strategy, signalId: first, reason: 'position-not-found' }),
    ];
    given(accountRules(), closedAhead).when(receive()).then([received(), executed()]);
    for (const other of [{ externalPositionId: p2 }, { sentAt: atSecond(51) }])
      given(accountRules(), closedAhead)
        .when(receive(other))
        .then([received(other), opens(other)]);
  });

  it('closes all that the strategy holds, whatever it says of side, ticker and quantity, and however late', () => {
    const vague = { ...close, side: 'sell', ticker: 'NONSENSE', quantity: '1' } as const;
    whileHeld.when(receive(vague, { order: null, maxAgeMs: 1 })).then([received(vague), closes(vague)]);
  });

  it('naming another position closes if it is the newest word, and not if it is an older one', () => {
    const other = { ...close, externalPositionId: p2 };
    whileHeld.when(receive(other)).then([received(other), closes(other)]);
    whileHeld
      .when(receive({ ...other, sentAt: atSecond(10) }))
      .then([received({ ...other, sentAt: atSecond(10) }), closes(other)]);
    whileHeld
      .when(receive({ ...other, sentAt: atSecond(9) }))
      .then([received({ ...other, sentAt: atSecond(9) }), executed()]);
    whileHeld
      .when(receive({ ...close, sentAt: atSecond(9) }))
      .then([received({ ...close, sentAt: atSecond(9) }), closes(close)]);
  });

  it('closes every part in which the broker filled the one order', () => {
    const part = anEvent('PositionOpened', { positionId: exampleId(0xdd), orderId, signal: origin(signal(told)) });
    const [one, other] = [closes(close), closes(close, uuidV5(nextId, exampleId(0xdd)), exampleId(0xdd))];
    given(accountRules(), [...holding, part])
      .when(receive(close))
      .then([received(close), one, other]);
    const left = [...holding, part, anEvent('PositionClosed', { positionId })];
    given(accountRules(), left)
      .when(receive(close))
      .then([received(close), closes(close, nextId, exampleId(0xdd))]);
    const late = { ...close, sentAt: atSecond(9) };
    given(accountRules(), left)
      .when(receive(late))
      .then([received(late), closes(late, nextId, exampleId(0xdd))]);
  });

  it('of what is closed already is fulfilled, whoever closed it; of what never was it is refused', () => {
    onceStopped.when(receive(close)).then([received(close), executed(close)]);
    whenNothingIsHeld
      .when(receive(close))
      .thenRefused('position-not-found', [received(close), refusedAs('position-not-found')]);
    const other = { ...close, externalPositionId: p2 };
    onceStopped
      .when(receive(other))
      .thenRefused('position-not-found', [received(other), refusedAs('position-not-found')]);
    const late = { ...other, sentAt: atSecond(9) };
    onceStopped.when(receive(late)).then([received(late), executed(late)]);
  });

  it('knows a position by its order where its opening does not name the signal', () => {
    const nameless = anEvent('PositionOpened', { positionId, orderId, signal: null });
    const history = [...asking, orderDispatched, nameless, settledAs(first, [orderId])];
    given(accountRules(), history)
      .when(receive(close))
      .then([received(close), closes(close)]);
    const gone = [...history, anEvent('PositionClosed', { positionId })];
    given(accountRules(), gone)
      .when(receive(close))
      .then([received(close), executed(close)]);
  });

  it('knows a position that was closed before it was seen open', () => {
    const history = [
      ...asking,
      orderDispatched,
      anEvent('PositionClosed', { positionId }),
      goldOpened,
      settledAs(first, [orderId]),
    ];
    given(accountRules(), history)
      .when(receive(close))
      .then([received(close), executed(close)]);
  });

  it('counts a position that is reported open twice once', () => {
    const twice = [...holding, anEvent('PositionOpened', goldOpened.data)];
    given(accountRules(), twice)
      .when(receive(close))
      .then([received(close), closes(close)]);
    given(accountRules(), [...twice, anEvent('PositionClosed', { positionId })])
      .when(receive(close))
      .then([received(close), executed(close)]);
  });

  it('waits for a close that is on its way', () => {
    const closing = anEvent('CloseRequested', { requestId: closeId, positionId });
    given(accountRules(), [...holding, closing])
      .when(receive(close))
      .thenRefused('request-in-flight');
  });

  it('is executed under close-only, and refused under a halt', () => {
    const context = (system: DecisionContext['system']) => accountRules(aContext({ system }));
    given(context({ halted: false, closeOnly: true, shadow: [] }), holding)
      .when(receive(close))
      .then([received(close), closes(close)]);
    given(context({ halted: true, closeOnly: false, shadow: [] }), holding)
      .when(receive(close))
      .thenRefused('trading-halted');
  });
});

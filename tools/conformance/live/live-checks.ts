import { isOver, type BrokerExecution, type BrokerPosition } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { advised, judged, MissingGround, skipped, type Fault, type Verdict } from '../verdict.ts';
import { bracketsOf, LiveDesk, orderIn } from './live-desk.ts';

/** What a step leaves for the next. */
class LiveStory {
  limitId = '';
  filledId = '';
  position: BrokerPosition | null = null;

  constructor(readonly desk: LiveDesk) {}

  get held(): BrokerPosition {
    if (this.position === null) throw new MissingGround('no position was opened');
    return this.position;
  }

  get limit(): string {
    if (this.limitId === '') throw new MissingGround('no limit order was placed');
    return this.limitId;
  }
}

const story = (session: BrokerSession): Promise<LiveStory> =>
  session.once('what can be traded', async () => new LiveStory(await LiveDesk.open(session)));

const step = (
  name: string,
  title: string,
  why: string,
  act: (told: LiveStory) => Promise<Verdict>,
): ConformanceCheck => ({
  id: `live.${name}`,
  title,
  why,
  run: async (session) => act(await story(session)),
});

const without = (flag: string): Verdict => skipped(`the account has no support${flag}`);

/** What this run is about to do, for whoever is about to let it. */
async function announced(session: BrokerSession): Promise<Verdict> {
  const { desk } = await story(session);
  const { account, instrument, unit } = desk;
  return judged([], `account ${account.id} (${account.name}): ${instrument.name}, ${unit} each, at most ${4 * unit}`);
}

async function placeLimit(told: LiveStory): Promise<Verdict> {
  const { desk } = told;
  if (!desk.has('LimitOrders')) return without('LimitOrders');
  const brackets = desk.has('OrderBrackets')
    ? { stopLoss: await desk.far('below', 2), takeProfit: await desk.far('above') }
    : {};
  const limitPrice = await desk.far('below');
  told.limitId = await desk.place({ side: 'buy', type: 'limit', qty: 2 * desk.unit, limitPrice, ...brackets });
  // The page looks once, and takes for gone what is not there.
  const next = await desk.polls.round();
  const faults: Fault[] = [];
  if (!orderIn(next, told.limitId))
    faults.push({ expected: 'the order in the very next list', got: `no order ${told.limitId}` });
  const found = bracketsOf(next, told.limitId).length;
  const wanted = Object.keys(brackets).length;
  if (found !== wanted) faults.push({ expected: `${wanted} brackets in the very next list`, got: String(found) });
  await desk.until('a working order whose brackets are inactive', (seen) => {
    const isWaiting = bracketsOf(seen, told.limitId).every(({ status }) => ['inactive', 'placing'].includes(status));
    return orderIn(seen, told.limitId)?.status === 'working' && isWaiting;
  });
  return judged(faults);
}

async function modifyOrder(told: LiveStory): Promise<Verdict> {
  const { desk, limit } = told;
  if (!desk.has('ModifyOrderPrice')) return without('ModifyOrderPrice');
  const limitPrice = await desk.far('below', 1.1);
  const stopLoss = desk.has('OrderBrackets') ? { stopLoss: await desk.far('below', 2.1) } : {};
  const takeProfit = desk.has('OrderBrackets') ? { takeProfit: await desk.far('above', 1.1) } : {};
  await desk.modify(limit, { qty: 2 * desk.unit, limitPrice, ...stopLoss, ...takeProfit });
  await desk.until('the new prices of order and brackets', (seen) => {
    const alive = bracketsOf(seen, limit).filter((order) => !isOver(order));
    const prices = alive.flatMap((order) => [order.stopPrice, order.limitPrice]);
    const wanted = [...Object.values(stopLoss), ...Object.values(takeProfit)];
    return orderIn(seen, limit)?.limitPrice === limitPrice && wanted.every((price) => prices.includes(price));
  });
  return judged([]);
}

async function removeBracket(told: LiveStory): Promise<Verdict> {
  const { desk, limit } = told;
  if (!desk.has('OrderBrackets') || !desk.has('ModifyBrackets')) return without('ModifyBrackets');
  const { limitPrice = 0 } = orderIn(await desk.polls.round(), limit) ?? {};
  await desk.modify(limit, { qty: 2 * desk.unit, limitPrice, stopLoss: await desk.far('below', 2.1) });
  await desk.until('the take profit as cancelled, the stop loss still there', (seen) => {
    const brackets = bracketsOf(seen, limit);
    const takeProfit = brackets.find(({ type }) => type === 'limit');
    const stopLoss = brackets.filter((order) => order.type === 'stop' && !isOver(order));
    return takeProfit?.status === 'cancelled' && stopLoss.length === 1;
  });
  return judged([]);
}

async function cancelOrder(told: LiveStory): Promise<Verdict> {
  const { desk, limit } = told;
  await desk.cancel(limit);
  await desk.until('the order and its brackets as cancelled', (seen) => {
    const ended = [orderIn(seen, limit), ...bracketsOf(seen, limit)];
    return ended.every((order) => order?.status === 'cancelled');
  });
  return judged([]);
}

async function fill(told: LiveStory): Promise<Verdict> {
  const { desk } = told;
  if (!desk.has('MarketOrders')) return without('MarketOrders');
  const withBrackets = desk.has('OrderBrackets') && desk.has('MarketBrackets');
  const brackets = withBrackets ? { stopLoss: await desk.far('below'), takeProfit: await desk.far('above') } : {};
  const qty = 2 * desk.unit;
  told.filledId = await desk.place({ side: 'buy', type: 'market', qty, ...brackets });
  const filled = (seen: Parameters<typeof orderIn>[0]): boolean => orderIn(seen, told.filledId)?.status === 'filled';
  told.position = await desk.until(`a filled order and a position of ${qty}`, (seen) =>
    filled(seen) ? desk.openPositions(seen).find((position) => position.qty === qty) : undefined,
  );
  if (withBrackets && desk.has('PositionBrackets'))
    await desk.until('two working brackets of the position', (seen) => {
      const working = bracketsOf(seen, told.held.id).filter(({ status }) => status === 'working');
      return working.length === 2 && working.every(({ parentType }) => parentType === 'position');
    });
  return judged([]);
}

async function positionBrackets(told: LiveStory): Promise<Verdict> {
  const { desk, held } = told;
  const flag = desk.isNetting ? 'IndividualPositionBrackets' : 'PositionBrackets';
  if (!desk.has(flag)) return without(flag);
  const [stopLoss, takeProfit] = [await desk.far('below', 1.2), await desk.far('above', 1.2)];
  await desk.changePosition(held, { stopLoss, takeProfit });
  await desk.until('brackets of the position at their new prices', (seen) => {
    const alive = bracketsOf(seen, held.id).filter((order) => !isOver(order));
    return (
      alive.some((order) => order.stopPrice === stopLoss) && alive.some((order) => order.limitPrice === takeProfit)
    );
  });
  return judged([]);
}

async function partialClose(told: LiveStory): Promise<Verdict> {
  const { desk, held } = told;
  const flag = desk.isNetting ? 'PartialCloseIndividualPosition' : 'PartialClosePosition';
  if (!desk.has(flag)) return without(flag);
  await desk.close(held, desk.unit);
  told.position = await desk.until(`the position and its brackets with ${desk.unit}`, (seen) => {
    const [rest, ...others] = desk.openPositions(seen);
    if (!rest || others.length > 0 || rest.qty !== desk.unit) return undefined;
    const alive = bracketsOf(seen, rest.id).filter((order) => !isOver(order));
    return alive.every(({ qty }) => qty === desk.unit) ? rest : undefined;
  });
  return judged([]);
}

async function close(told: LiveStory): Promise<Verdict> {
  const { desk, held } = told;
  if (!desk.isNetting && !desk.has('ClosePosition')) return without('ClosePosition');
  await desk.close(held);
  await desk.until('no position, and its brackets cancelled', (seen) => {
    const isAlone = desk.openPositions(seen).length === 0;
    return isAlone && bracketsOf(seen, held.id).every(({ status }) => status === 'cancelled');
  });
  told.position = null;
  return judged([]);
}

async function closeNet(told: LiveStory): Promise<Verdict> {
  const { desk } = told;
  if (!desk.isNetting) return without('PositionNetting');
  if (!desk.has('MarketOrders')) return without('MarketOrders');
  for (let bought = 1; bought <= 2; bought += 1) {
    await desk.place({ side: 'buy', type: 'market', qty: desk.unit });
    await desk.until(`${bought * desk.unit} bought`, (seen) => desk.exposure(seen) === bought * desk.unit);
  }
  const net = await desk.netPosition();
  const expected = `a net position of ${2 * desk.unit}`;
  if (net?.qty !== 2 * desk.unit) return judged([{ expected, got: net ? String(net.qty) : 'none' }]);
  await desk.closeNet(net);
  await desk.until('none of the positions beneath it', (seen) => desk.openPositions(seen).length === 0);
  const left = await desk.netPosition();
  return judged(left ? [{ expected: 'no net position', got: String(left.qty) }] : []);
}

async function reverse(told: LiveStory): Promise<Verdict> {
  const { desk } = told;
  if (!desk.has('MarketOrders')) return without('MarketOrders');
  await desk.place({ side: 'buy', type: 'market', qty: desk.unit });
  const position = await desk.until('a position', (seen) => desk.exposure(seen) === desk.unit && desk.openPositions(seen)[0]); // prettier-ignore
  if (desk.has('NativeReversePosition')) await desk.changePosition(position, { side: 'sell' });
  else await desk.place({ side: 'sell', type: 'market', qty: 2 * desk.unit });
  await desk.until(`as much sold as was bought: ${-desk.unit}`, (seen) => desk.exposure(seen) === -desk.unit);
  return judged([], desk.has('NativeReversePosition') ? 'natively' : 'by an opposite order of double quantity');
}

async function refuse(told: LiveStory): Promise<Verdict> {
  const { desk } = told;
  const qty = (desk.instrument.maxQty ?? 1e9) * 10;
  const limitPrice = await desk.far('below');
  const answer = await desk.refusal({ side: 'buy', type: 'limit', qty, limitPrice });
  if ('text' in answer) return judged([], answer.text);
  await desk.until('the order as rejected, with a message', (seen) => {
    const order = orderIn(seen, answer.orderId);
    return order?.status === 'rejected' && order.message !== undefined;
  });
  return judged([], 'as an order that was rejected');
}

async function refuseCancel(told: LiveStory): Promise<Verdict> {
  const { desk, filledId } = told;
  const faults: Fault[] = [];
  for (const id of ['no-such-order', ...(filledId === '' ? [] : [filledId])]) {
    const { status, s, at } = await desk.refusedCancel(id);
    if (status !== 200 || s !== 'error')
      faults.push({ expected: 'HTTP 200 with s = error', got: `HTTP ${status}, s = ${String(s)}`, at });
  }
  return judged(faults);
}

async function repeat(told: LiveStory, session: BrokerSession): Promise<Verdict> {
  const { desk } = told;
  if (!desk.has('LimitOrders')) return without('LimitOrders');
  const form = { side: 'buy', type: 'limit', qty: desk.unit, limitPrice: await desk.far('below') };
  const requestId = `c${session.client.wire.nowMs().toString(36)}`;
  const once = await desk.place(form, requestId);
  const again = await desk.place(form, requestId).catch(() => once);
  return advised(once === again ? [] : [{ expected: 'one order for one requestId', got: `${once} and ${again}` }]);
}

async function latency({ desk }: LiveStory): Promise<Verdict> {
  if (!desk.has('TrackLatency')) return without('TrackLatency');
  return judged(
    (await desk.tellLatency()) ? [] : [{ expected: 'a transactionId of an order', got: 'none', at: 'POST /orders' }],
  );
}

/** Everything is cancelled and closed, and what was bought was sold. */
async function clear(told: LiveStory, session: BrokerSession): Promise<Verdict> {
  const { desk } = told;
  await desk.clear();
  await desk.until('nothing open of this run', (seen) => {
    const open = seen.orders.filter((order) => order.instrument === desk.instrument.name && !isOver(order));
    return open.length === 0 && desk.openPositions(seen).length === 0;
  });
  if (!desk.has('Executions')) return judged([]);
  const asked = { params: { accountId: desk.account.id }, query: { instrument: desk.instrument.name } };
  const executions = await session.client.must<readonly BrokerExecution[]>('getExecutions', asked);
  const own = executions.filter(({ orderId }) => desk.ordersOfRun.has(orderId));
  const sum = own.reduce((total, { side, qty }) => total + (side === 'sell' ? -qty : qty), 0);
  return judged(
    Math.abs(sum) < 1e-9 * desk.unit ? [] : [{ expected: 'as much sold as bought by executions', got: String(sum) }],
    `${desk.requested.length} orders placed`,
  );
}

/** In their order: each goes on from the one before, and the last one leaves nothing behind. */
export const liveChecks: readonly ConformanceCheck[] = [
  { id: 'live.plan', title: 'What will be traded', why: 'Nothing else is touched.', run: announced },
  step('place', 'A limit order and its brackets are in the very next list', 'The page looks once.', placeLimit),
  step('modify', 'Price and brackets of an order change together', 'A drag on the chart is one request.', modifyOrder),
  step('remove-bracket', 'A bracket that is removed is told as cancelled', 'It hangs otherwise.', removeBracket),
  step('cancel', 'An order is cancelled with its brackets', 'They hang otherwise.', cancelOrder),
  step('fill', 'A market order becomes a position, its brackets with it', 'The user waits for it.', fill),
  step('position-brackets', 'Brackets of a position change', 'The chart shows where it will end.', positionBrackets),
  step('partial-close', 'A part is closed, the brackets shrink', 'They would turn the position.', partialClose),
  step('close', 'A position is closed, its brackets are cancelled', 'They would open a new one.', close),
  step('close-net', 'A net position is closed whole', 'The button stands beside it.', closeNet),
  step('reverse', 'A position is turned', 'The button stands beside every position.', reverse),
  step('refuse', 'What cannot be is refused with a reason', 'The user reads it.', refuse),
  step('refuse-cancel', 'What is over cannot be cancelled', 'The user reads "Too late".', refuseCancel),
  {
    id: 'live.repeat',
    title: 'The same request twice is one order',
    why: 'A browser sends again what it had no answer to.',
    run: async (session) => repeat(await story(session), session),
  },
  step('latency', 'How long it took can be told', 'TradingView measures brokers by it.', latency),
  {
    id: 'live.clear',
    title: 'Nothing is left, and what was bought was sold',
    why: 'Executions, positions and orders tell one story.',
    run: async (session) => clear(await story(session), session),
  },
];

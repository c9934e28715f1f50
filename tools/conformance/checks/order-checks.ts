import { shown } from '../answer-judge.ts';
import { isOver, supports, type BrokerAccount, type BrokerExecution, type BrokerOrder } from '../broker-words.ts';
import type { BrokerSession } from '../broker-session.ts';
import type { ConformanceCheck } from '../conformance-check.ts';
import { ORDER_RULES } from '../rules/order-rules.ts';
import {
  ordersGoingBack,
  profitsNotAdded,
  reusedOrderIds,
  strayBrackets,
  vanishedOrders,
  vanishedPositions,
  type Observation,
} from '../rules/observation.ts';
import { MissingGround, type Fault, type Verdict } from '../verdict.ts';
import { perAccount } from './per-account.ts';

const distinct = (faults: readonly Fault[]): readonly Fault[] =>
  [...new Map(faults.map((fault) => [`${fault.expected} ${fault.got}`, fault])).values()].slice(0, 10);

const watched = (session: BrokerSession): Promise<unknown> =>
  session.once('how the accounts develop', async () =>
    Promise.all(
      (await session.accounts()).map((account) => session.polls(account).rounds(session.options.effort.polls)),
    ),
  );

const overTime =
  (rule: (seen: readonly Observation[]) => readonly Fault[], concerns?: (account: BrokerAccount) => boolean) =>
  async (session: BrokerSession): Promise<Verdict> => {
    await watched(session);
    const find = async (account: BrokerAccount) => {
      const { seen } = session.polls(account);
      if (seen.length === 0) throw new MissingGround(`account ${account.id} was never shown wholly`);
      return distinct(rule(seen));
    };
    const verdict = await perAccount(session, find, concerns);
    if (verdict.kind !== 'passed') return verdict;
    const rounds = (await session.accounts()).map((account) => session.polls(account).seen.length);
    return { ...verdict, note: `${verdict.note}, ${Math.max(...rounds)} rounds` };
  };

const ofEachList = (rule: (orders: readonly BrokerOrder[]) => readonly Fault[]) =>
  overTime((seen) => seen.flatMap(({ orders }) => rule(orders)));

async function pollsAnswer(session: BrokerSession): Promise<Verdict> {
  await watched(session);
  return perAccount(session, async (account) => distinct(session.polls(account).faults));
}

async function historyOf(session: BrokerSession, { id }: BrokerAccount): Promise<readonly BrokerOrder[]> {
  return session.client.must('getOrdersHistory', { params: { accountId: id } });
}

/** Lists are written one after the other: a final order may be a moment late in the history. */
const LATE_TRIES = 5;

async function eventually(
  session: BrokerSession,
  find: () => Promise<readonly Fault[]>,
  tries = LATE_TRIES,
): Promise<readonly Fault[]> {
  const faults = await find();
  if (faults.length === 0 || tries <= 1) return faults;
  await session.client.wire.wait(1_000);
  return eventually(session, find, tries - 1);
}

const AGREED = ['status', 'instrument', 'side', 'type', 'qty', 'filledQty', 'avgPrice'] as const;

const history = async (session: BrokerSession): Promise<Verdict> => {
  await watched(session);
  return perAccount(
    session,
    (account) =>
      eventually(session, async () => {
        const orders = session.polls(account).seen.at(-1)?.orders.filter(isOver) ?? [];
        const past = new Map((await historyOf(session, account)).map((order) => [order.id, order]));
        return orders.flatMap((order) => {
          const other = past.get(order.id);
          if (!other)
            return [{ expected: `order ${order.id} (${order.status}) in the history`, got: 'it is not there' }];
          return AGREED.filter((name) => other[name] !== order[name]).map((name) => ({
            expected: `${name} of order ${order.id} as in /orders: ${shown(order[name])}`,
            got: shown(other[name]),
          }));
        });
      }),
    (account) => supports(account, 'OrdersHistory'),
  );
};

const historyIds = (session: BrokerSession): Promise<Verdict> =>
  perAccount(
    session,
    async (account) => {
      const past = await historyOf(session, account);
      return [...ORDER_RULES.ids(past), ...ORDER_RULES.prices(past), ...ORDER_RULES.fills(past)].slice(0, 10);
    },
    (account) => supports(account, 'OrdersHistory'),
  );

/** What was filled of each order that is listed is what its executions add up to. */
const executions = async (session: BrokerSession): Promise<Verdict> => {
  await watched(session);
  return perAccount(
    session,
    (account) =>
      eventually(session, async () => {
        const orders = session.polls(account).seen.at(-1)?.orders.filter(isOver) ?? [];
        const filled = orders.filter(({ status, filledQty = 0 }) => status === 'filled' || filledQty > 0);
        const faults: Fault[] = [];
        for (const instrument of new Set(filled.map((order) => order.instrument))) {
          const asked = { params: { accountId: account.id }, query: { instrument } };
          const told = await session.client.must<readonly BrokerExecution[]>('getExecutions', asked);
          faults.push(...ORDER_RULES.ids(told));
          for (const order of filled.filter((each) => each.instrument === instrument))
            faults.push(...notExecuted(order, told));
        }
        return faults;
      }),
    (account) => supports(account, 'Executions'),
  );
};

function notExecuted(order: BrokerOrder, told: readonly BrokerExecution[]): readonly Fault[] {
  const own = told.filter(({ orderId }) => orderId === order.id);
  const sum = own.reduce((total, { qty }) => total + qty, 0);
  const wanted = order.filledQty ?? order.qty;
  const faults: Fault[] = own
    .filter(({ side }) => side !== order.side)
    .map(({ id, side }) => ({ expected: `execution ${id} on the side of its order, ${order.side}`, got: side }));
  if (Math.abs(sum - wanted) > 1e-9 * Math.max(1, wanted))
    faults.push({ expected: `executions of order ${order.id} that add up to ${wanted}`, got: String(sum) });
  return faults;
}

const netting = (session: BrokerSession): Promise<Verdict> =>
  perAccount(
    session,
    (account) =>
      eventually(session, async () => {
        const asked = { params: { accountId: account.id } };
        type Net = { readonly id: string; readonly instrument: string; readonly qty: number };
        const nets = await session.client.must<readonly Net[]>('getNetPositions', asked);
        const { positions } = await session.polls(account).round();
        return nets.flatMap(({ instrument, qty }) => {
          const sum = positions
            .filter((each) => each.instrument === instrument)
            .reduce((total, each) => total + (each.side === 'sell' ? -each.qty : each.qty), 0);
          return Math.abs(Math.abs(sum) - Math.abs(qty)) < 1e-9
            ? []
            : [{ expected: `${instrument}: a net quantity of ${sum}`, got: String(qty) }];
        });
      }),
    (account) => supports(account, 'PositionNetting'),
  );

const plain = (account: BrokerAccount): boolean =>
  supports(account, 'Positions') && !supports(account, 'PositionNetting');

export const orderChecks: readonly ConformanceCheck[] = [
  {
    id: 'orders.ids',
    title: 'Every order is listed once',
    why: 'TradingView tells orders apart by their ids.',
    run: ofEachList(ORDER_RULES.ids),
  },
  {
    id: 'orders.prices',
    title: 'An order has the prices of its type, and no others',
    why: 'trailingStopPips or a price of 0 on an ordinary order draws it wrongly.',
    run: ofEachList(ORDER_RULES.prices),
  },
  {
    id: 'orders.fills',
    title: 'What was filled fits what was ordered',
    why: 'Quantity and average price stand in the History tab.',
    run: ofEachList(ORDER_RULES.fills),
  },
  {
    id: 'orders.one-bracket-of-a-kind',
    title: 'A parent has one stop loss and one take profit at most',
    why: 'TradingView draws one of each.',
    run: ofEachList(ORDER_RULES.pairs),
  },
  {
    id: 'orders.brackets',
    title: 'Brackets match their parent and end with it',
    why: 'A bracket without its parent hangs on the chart for ever.',
    run: overTime(strayBrackets),
  },
  {
    id: 'stability.polls-answer',
    title: 'Every poll is answered',
    why: 'A browser asks several times a second, for as long as the page is open.',
    run: pollsAnswer,
  },
  {
    id: 'stability.orders-stay',
    title: 'No order vanishes',
    why: 'A final order that leaves at once is never told to the user; it hangs in the table.',
    run: overTime(vanishedOrders),
  },
  {
    id: 'stability.no-way-back',
    title: 'A final status is final',
    why: 'An order that comes back corrupts the History tab.',
    run: overTime(ordersGoingBack),
  },
  {
    id: 'stability.ids-are-kept',
    title: 'An id stands for one order',
    why: 'An id that is used again corrupts the History tab.',
    run: overTime(reusedOrderIds),
  },
  {
    id: 'stability.positions-stay',
    title: 'A position is shown closed before it leaves',
    why: 'TradingView compares each answer with the one before; what flaps is announced to the user.',
    run: overTime(vanishedPositions, plain),
  },
  {
    id: 'agreement.open-profit',
    title: 'The open profit of the account is that of its positions',
    why: 'Both are on the screen, one above the other.',
    run: overTime(profitsNotAdded, (account) => supports(account, 'PLUpdate')),
  },
  {
    id: 'agreement.history-rows',
    title: 'The history lists every order once, with the figures of its end',
    why: 'It is the statement that a user reads.',
    run: historyIds,
  },
  {
    id: 'agreement.history',
    title: 'Final orders are the same in the list and in the history',
    why: 'TradingView joins both in the History tab by id.',
    run: history,
  },
  {
    id: 'agreement.executions',
    title: 'Executions add up to what was filled',
    why: 'They are drawn on the chart; commissions and profits are told by them.',
    run: executions,
  },
  {
    id: 'agreement.net-positions',
    title: 'Net positions are the sum of the individual ones',
    why: 'Both are on the screen, one beneath the other.',
    run: netting,
  },
];

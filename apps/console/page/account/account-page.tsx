import { useEffect } from 'preact/hooks';
import type { AccountHistory } from '../../src/account-history.ts';
import type { AccountAnswer } from '../../src/accounts.controller.ts';
import { accountName } from '../accounts.ts';
import { go, query, withQuery } from '../address.ts';
import { useAnswer } from '../answer.ts';
import { WorthChart } from '../charts/worth-chart.tsx';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { TradingSwitch } from '../workbench/trading-switch.tsx';
import { count } from '../words.ts';
import { AccountFacts } from './account-facts.tsx';
import { Changes } from './changes.tsx';
import { OrderTable } from './order-table.tsx';
import { PositionTable } from './position-table.tsx';
import { RequestTable } from './request-table.tsx';

/** One account, now or at any moment of its past. */
export function AccountPage({ id }: { readonly id: string }) {
  const at = query.value.get('at');
  const address = `/api/accounts/${encodeURIComponent(id)}`;
  const { answer, error } = useAnswer<AccountAnswer>(at === null ? address : `${address}?at=${at}`, {
    live: at === null,
  });
  const history = useAnswer<AccountHistory>(`${address}/history`, { live: true });
  const name = accountName(id);
  useEffect(() => void (document.title = `${name} · Trading core`), [name]);
  return (
    <>
      <header class="page-head">
        <h1>{name}</h1>
        <p class="quiet">
          <a href={`/log?account=${id}`}>its log</a> · <code>{id}</code>
        </p>
      </header>
      {history.answer && <Moment history={history.answer} at={at} />}
      {error !== null && <Failure text={error} />}
      {answer === null && error === null && <p class="waiting">Reading…</p>}
      {history.answer && history.answer.worth.length > 1 && (
        <Card title="Balance and equity">
          <WorthChart history={history.answer} at={at === null ? null : Number(at)} />
        </Card>
      )}
      {answer && <Standing {...answer} />}
      {answer && at === null && (
        <Card title="Brakes" aside="what may be asked of this account">
          <TradingSwitch only={id} />
        </Card>
      )}
      {history.answer && <Changes account={id} history={history.answer} at={at} />}
    </>
  );
}

function Standing({ named, overview, brakes }: AccountAnswer) {
  const { positions, orders, requests } = overview;
  return (
    <>
      <AccountFacts named={named} overview={overview} brakes={brakes} />
      <Card title="Positions">
        <PositionTable positions={Object.values(positions.positions)} />
      </Card>
      <Card title="Orders">
        <OrderTable orders={Object.values(orders.orders)} />
      </Card>
      <Card title="Requests without an outcome">
        <RequestTable requests={Object.values(requests)} />
      </Card>
    </>
  );
}

/** Which moment is shown: a slider through everything that was recorded of it. */
function Moment({ history: { first, last }, at }: { readonly history: AccountHistory; readonly at: string | null }) {
  const choose = (position: number): void =>
    go(withQuery({ at: position >= last ? null : String(position) }), { replace: true });
  return (
    <form class="moment" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span class="quiet">Moment</span>
        <input
          type="range"
          min={first}
          max={last}
          value={at ?? String(last)}
          onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
        />
      </label>
      <output>{at === null ? 'now' : `as of position ${count(Number(at))}`}</output>
      {at !== null && (
        <a class="button" href={withQuery({ at: null })}>
          Now
        </a>
      )}
    </form>
  );
}

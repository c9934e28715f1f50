import type { AccountAnswer } from '../../src/accounts.controller.ts';
import { loginInWords } from '@core/operations/login-in-words';
import { Card } from '../parts/card.tsx';
import { Facts } from '../parts/facts.tsx';
import { moment, money } from '../words.ts';

/** What an account is, and how it stands. */
export function AccountFacts({
  named,
  overview: { account, strategies },
  brakes,
}: Pick<AccountAnswer, 'named' | 'overview' | 'brakes'>) {
  const { registration, terms, session, money: held, equity, reconciliation, quarantined } = account;
  const currency = terms ? ` ${terms.currency}` : '';
  const drift = reconciliation.lastDrift;
  const known = Object.values(strategies.strategies);
  return (
    <div class="columns">
      <Card title="Money">
        <Facts
          facts={[
            ['balance', held ? `${money(held.balance)}${currency}` : 'not told yet'],
            ['credit', held ? `${money(held.credit)}${currency}` : 'not told yet'],
            ['equity', equity ? `${money(equity.equity)}${currency}, ${moment(equity.at)}` : 'not told yet'],
            ['margin', equity ? `${money(equity.margin)}${currency}` : 'not told yet'],
            ['leverage', terms?.leverage ?? 'not told yet'],
          ]}
        />
      </Card>
      <Card title="Standing">
        <Facts
          facts={[
            [
              'broker',
              registration ? `${loginInWords(named, registration.venue)}, ${registration.mode}` : 'not registered yet',
            ],
            [
              'session',
              `${session.status}${session.since ? ` since ${moment(session.since)}` : ''}${session.reason ? `: ${session.reason}` : ''}`,
            ],
            [
              'last look',
              reconciliation.last ? `${reconciliation.last.outcome}, ${moment(reconciliation.last.at)}` : 'none yet',
            ],
            [
              'last drift',
              drift ? (
                <a
                  key="drift"
                  href={`/log?to=${drift.position}&open=${drift.position}`}
                >{`${drift.drifts.length} differences, ${moment(drift.at)}`}</a>
              ) : (
                'none'
              ),
            ],
            [
              'trading',
              brakes
                .map(
                  ({ what, decision }) =>
                    `${what} since ${moment(decision.since)} by ${decision.operator}: ${decision.note}`,
                )
                .join('; ') || 'on',
            ],
            ['quarantined', Object.keys(quarantined).length],
            ['strategies', known.length === 0 ? 'none' : known.map(({ name }) => name).join(', ')],
          ]}
        />
      </Card>
    </div>
  );
}

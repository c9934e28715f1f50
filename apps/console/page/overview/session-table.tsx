import type { SessionAnswer } from '@core/operations/session-answer';
import { Dot, type Tone } from '../parts/dot.tsx';
import { age, moment, money } from '../words.ts';

const TONES: Readonly<Record<SessionAnswer['session']['status'], Tone>> = { open: 'good', lost: 'bad', never: 'off' };

export function SessionTable({ sessions }: { readonly sessions: readonly SessionAnswer[] }) {
  if (sessions.length === 0) return <p class="empty">No accounts yet: npm run ops -- accounts add</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Broker sessions">
      <table>
        <thead>
          <tr>
            <th>account</th>
            <th>session</th>
            <th class="number">balance</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((each) => (
            <tr key={each.account}>
              <th scope="row">
                <a href={`/accounts/${each.account}`}>{each.name}</a>
                <div class="reason">
                  {each.brokerLogin} at {each.venue}, {each.mode}
                </div>
              </th>
              <td>
                <SessionWords {...each} />
                {each.lastLook && <Look {...each.lastLook} />}
              </td>
              <td class="number">{each.balance === null ? '–' : `${money(each.balance)} ${each.currency ?? ''}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SessionWords({ enabled, session, lastHeard, isHalted }: SessionAnswer) {
  const { status, since, reason } = session;
  return (
    <>
      <span class="state">
        <Dot tone={enabled ? TONES[status] : 'off'} /> {enabled ? status : 'disabled'}
        {since && (
          <time class="quiet" title={moment(since)}>
            {' '}
            for {age(since)}
          </time>
        )}
      </span>
      {lastHeard && (
        <div class="reason" title={moment(lastHeard)}>
          heard {age(lastHeard)} ago{session.connector && `, by ${session.connector}`}
        </div>
      )}
      {isHalted && <div class="reason">trading is halted</div>}
      {reason !== null && <div class="reason">{reason}</div>}
    </>
  );
}

function Look({ outcome, at }: NonNullable<SessionAnswer['lastLook']>) {
  return (
    <div class="state">
      <Dot tone={outcome === 'clean' ? 'good' : 'bad'} /> {outcome}
      <time class="quiet" title={moment(at)}>
        {' '}
        {age(at)} ago
      </time>
    </div>
  );
}

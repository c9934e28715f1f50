import type { ReplayAnswer } from '../../src/replays.ts';
import { mayOperate } from '../api.ts';
import { Facts } from '../parts/facts.tsx';
import { Failure } from '../parts/failure.tsx';
import { FillProgress } from '../projections/fill-progress.tsx';
import { useDeed } from '../use-deed.ts';
import { count, moment } from '../words.ts';

type Replay = NonNullable<ReplayAnswer['replay']>;

const PHASES = {
  filling: 'What came before is being put there.',
  playing: 'It plays.',
  paused: 'It is paused.',
  played: 'All of it has come; the edges are there until it is ended.',
} as const;

/** How far a replay is, and what can be done with it while it runs. */
export function ReplayStanding({ asked, isRunning, state, failure }: Replay) {
  const { failure: refused, run } = useDeed('/api/replay/');
  const press = (key: string) => () => run('press', { key });
  const isPaused = state?.phase === 'paused';
  const phase = state ? PHASES[state.phase] : 'The sandbox is being opened: a database and a NATS server of its own.';
  return (
    <>
      <p role="status">{isRunning ? phase : 'It is over.'}</p>
      {(failure ?? refused) !== null && <Failure text={failure ?? refused ?? ''} />}
      {state && (
        <>
          {isRunning && state.phase === 'playing' && (
            <FillProgress position={state.position - state.from} behind={state.to - state.position} />
          )}
          <Facts
            facts={[
              [
                'come to',
                <a href={`/log?to=${state.position}&noise=on`} key="position">
                  position {count(state.position)} of {count(state.to)}
                </a>,
              ],
              ['recorded', state.recorded && moment(state.recorded)],
              [
                'played',
                `${count(state.events)} events, ${asked.speed === 'max' ? 'as fast as possible' : asked.speed}`,
              ],
              ...Object.entries(state.urls).map(
                ([edge, url]) =>
                  [
                    edge,
                    <a href={url} key={edge}>
                      {url}
                    </a>,
                  ] as const,
              ),
              [
                'prices',
                state.venues.length === 0
                  ? 'none'
                  : `of ${state.venues.join(', ')}: the bid with which each minute ended; the ask is told as the bid`,
              ],
            ]}
          />
        </>
      )}
      {isRunning && state && mayOperate() && (
        <div class="row-form">
          <button type="button" onClick={press('pause')} disabled={state.phase === 'played'}>
            {isPaused ? 'Go on' : 'Pause'}
          </button>
          <button type="button" onClick={press('step')} disabled={state.phase === 'played'}>
            One step
          </button>
          <button type="button" class="plain" onClick={press('end')}>
            End
          </button>
        </div>
      )}
    </>
  );
}

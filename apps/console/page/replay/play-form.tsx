import type { ReplayAnswer, ReplayRange } from '../../src/replays.ts';
import { Failure } from '../parts/failure.tsx';
import { useDeed } from '../use-deed.ts';

const SPEEDS = [
  ['max', 'as fast as possible'],
  ['1x', 'as it was'],
  ['10x', 'ten times as fast'],
  ['100x', 'a hundred times as fast'],
] as const;

/** As the command line lists them too. */
const EDGES = ['tv-gateway', 'ws-session', 'console'] as const;

/** What is to be played, how fast and where. */
export function PlayForm({ sandboxes }: Pick<ReplayAnswer, 'sandboxes'>) {
  const { failure, run } = useDeed('/api/replay');
  const play = (fields: FormData): void => {
    const text = (name: string): string => String(fields.get(name) ?? '').trim();
    const asked: ReplayRange = {
      sandbox: text('sandbox'),
      from: text('from') || '0',
      to: text('to') || null,
      speed: text('speed'),
      edges: EDGES.filter((edge) => fields.get(edge) !== null),
      isPaused: fields.get('paused') !== null,
    };
    run('', asked);
  };
  return (
    <>
      <form
        class="row-form"
        onSubmit={(event) => {
          event.preventDefault();
          play(new FormData(event.currentTarget));
        }}
      >
        <label>
          Sandbox
          <input
            name="sandbox"
            list="sandboxes"
            pattern="[a-z0-9][a-z0-9\-]*"
            maxLength={40}
            required
            autocomplete="off"
          />
          <datalist id="sandboxes">
            {sandboxes.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </label>
        <label>
          Played after
          <input name="from" placeholder="position or time; 0" autocomplete="off" />
        </label>
        <label>
          Up to
          <input name="to" placeholder="position or time; now" autocomplete="off" />
        </label>
        <label>
          Speed
          <select name="speed">
            {SPEEDS.map(([value, called]) => (
              <option key={value} value={value}>
                {called}
              </option>
            ))}
          </select>
        </label>
        <fieldset>
          <legend>Looked at through</legend>
          {EDGES.map((edge) => (
            <label key={edge} class="choice">
              <input type="checkbox" name={edge} /> {edge}
            </label>
          ))}
        </fieldset>
        <label class="choice">
          <input type="checkbox" name="paused" /> Begin paused
        </label>
        <button type="submit">Play</button>
      </form>
      {failure !== null && <Failure text={failure} />}
    </>
  );
}

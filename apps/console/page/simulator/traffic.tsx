import { useEffect, useRef, useState } from 'preact/hooks';
import type { SimulatorAnswer, TrafficAnswer } from '../../src/simulator.controller.ts';
import { mayOperate, read, reasonOf } from '../api.ts';
import { looking } from '../looking.ts';
import { Failure } from '../parts/failure.tsx';
import { clock, count } from '../words.ts';
import { useDeed } from '../use-deed.ts';
import type { OfControl } from './of-control.ts';

type Message = TrafficAnswer[number];

const EVERY_MS = 500;
const SHOWN = 200;

/** What passes on one connection or on all, as it passes. */
export function Traffic({ connections, at }: Pick<SimulatorAnswer, 'connections'> & OfControl) {
  const [chosen, setChosen] = useState('');
  const [isPaused, setPaused] = useState(false);
  const [hasPrices, setPrices] = useState(false);
  const { messages, error } = useTraffic(at, chosen, isPaused, hasPrices);
  const { failure, run } = useDeed(`${at}/`);
  const one = connections.find(({ id }) => String(id) === chosen);
  const userId = one?.userId ?? null;
  return (
    <>
      <div class="row-form">
        <label>
          Connection
          <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
            <option value="">all {count(connections.length)}</option>
            {connections.map(({ id, kind, userId: whose, address }) => (
              <option key={id} value={id}>
                {id} {kind} of {whose ?? address}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={hasPrices}
            onChange={({ currentTarget }) => setPrices(currentTarget.checked)}
          />{' '}
          prices and keep-alives too
        </label>
        <button type="button" onClick={() => setPaused(!isPaused)}>
          {isPaused ? 'Resume' : 'Pause'}
        </button>
        {one && userId !== null && mayOperate() && (
          <button
            type="button"
            class="plain"
            onClick={() => run('disconnect', { userId, socket: one.kind, how: 'drop' })}
          >
            Cut {one.kind} of {userId}
          </button>
        )}
      </div>
      {(error ?? failure) !== null && <Failure text={error ?? failure ?? ''} />}
      <div class="traffic" tabIndex={0} aria-label="Messages" role="log">
        <ol>
          {messages.map((message) => (
            <Line key={message.number} {...message} />
          ))}
        </ol>
      </div>
      {messages.length === 0 && <p class="empty">Nothing has passed since you look.</p>}
    </>
  );
}

function Line({ at, connection, userId, direction, afterMs, text }: Message) {
  return (
    <li class={direction}>
      <time>{clock(new Date(at).toISOString())}</time>
      <span class="quiet">
        {connection} {userId}
      </span>
      <span>
        <span aria-hidden="true">{direction === 'in' ? '→' : '←'}</span>
        <span class="unseen">{direction === 'in' ? 'to the broker' : 'to the client'}</span>
      </span>
      <span class="number">{afterMs === null ? '' : `${count(Math.round(afterMs))} ms`}</span>
      <code>{text}</code>
    </li>
  );
}

/** What comes by itself, many times a second. */
const NOISY = /^\{"command":"(?:tickPrices|keepAlive|candle|profit)"/;

/** The newest first. */
function useTraffic(
  at: string,
  connection: string,
  isPaused: boolean,
  hasPrices: boolean,
): { messages: readonly Message[]; error: string | null } {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [error, setError] = useState<string | null>(null);
  const last = useRef(0);
  useEffect(() => {
    if (isPaused) return undefined;
    const of = connection === '' ? '' : `&connection=${connection}`;
    const looks = looking(async (gone) => {
      try {
        const more = await read<readonly Message[]>(`${at}/traffic?after=${last.current}${of}`, gone);
        last.current = more.at(-1)?.number ?? last.current;
        const told = more.filter(({ text }) => hasPrices || !NOISY.test(text)).toReversed();
        if (told.length > 0) setMessages((before) => [...told, ...before].slice(0, SHOWN));
        setError(null);
      } catch (failure) {
        if (!gone.aborted) setError(reasonOf(failure));
      }
      return EVERY_MS;
    });
    setMessages((before) => before.filter((each) => connection === '' || String(each.connection) === connection));
    looks.within(0);
    return () => looks.stop();
  }, [at, connection, isPaused, hasPrices]);
  return { messages, error };
}

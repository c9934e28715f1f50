import { effect, signal } from '@preact/signals';
import type { LogLine } from '@core/operations/log-line';
import type { LiveMessage } from '../src/live.controller.ts';
import { operator } from './api.ts';

/** Whether what is recorded is heard as it is recorded. */
export const isLive = signal(false);

/** The last position heard of. */
export const head = signal(0);

/** How often the log was replaced by one that ends earlier: what was known of the one before is nothing of this one. */
export const replacements = signal(0);

/** New lines, the oldest first; null: there may be more than were told, read the log again. */
type Listener = (lines: readonly LogLine[] | null) => void;

const listeners = new Set<Listener>();

/** Calls the listener with what is recorded from now on. Returns how to stop that. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** One stream for the whole page, for as long as somebody is logged in; a browser opens it again by itself. */
export const followLog = (): unknown => effect(follow);

function follow(): (() => void) | undefined {
  if (!operator.value) return undefined;
  const stream = new EventSource('/api/live');
  stream.onmessage = ({ data }: MessageEvent<string>) => {
    const { head: end, lines } = JSON.parse(data) as LiveMessage;
    const isNew = !isLive.peek();
    isLive.value = true;
    if (end < head.peek()) replacements.value += 1;
    head.value = end;
    for (const listener of listeners) listener(isNew ? null : lines);
  };
  stream.onerror = () => (isLive.value = false);
  return () => {
    stream.close();
    isLive.value = false;
  };
}

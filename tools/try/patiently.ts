import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const AGAIN_MS = 100;

/** The first answer that will do, or the one that stands after ten seconds. */
export async function patiently<Value>(look: () => Promise<Value>, willDo: (value: Value) => boolean): Promise<Value> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await look();
    if (willDo(value) || performance.now() > untilMs) return value;
    await pause(AGAIN_MS);
  }
}

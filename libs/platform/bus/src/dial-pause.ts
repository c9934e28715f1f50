/**
 * How long the NATS client waits before it dials, asked each time that it may; by the steady clock. The client itself
 * counts from its last attempt by the machine's clock, and waited for as long as that one was put back: it is told minus
 * infinity as soon as the time has come, which is over by any clock.
 */
export function dialPause(pauseMs: number): () => number {
  let dialledMs = -Infinity;
  return () => {
    const nowMs = performance.now();
    if (nowMs - dialledMs < pauseMs) return pauseMs;
    dialledMs = nowMs;
    return -Infinity;
  };
}

/**
 * What `promise` gives in time, or else what `late` gives or throws. The promise goes on and is nobody's any more.
 * The timer does not keep a process alive that has nothing else to do.
 */
export async function withTimeout<Value, Late>(
  promise: Promise<Value>,
  timeoutMs: number,
  late: () => Late,
): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined;
  const lateness = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), timeoutMs).unref();
  });
  try {
    const first = await Promise.race([promise, lateness]);
    return first === LATE ? late() : first;
  } finally {
    clearTimeout(timer);
  }
}

const LATE = Symbol('late');

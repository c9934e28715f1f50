// caught by: typescript(no-floating-promises)
export function start(work: () => Promise<void>): void {
  // eslint-disable-next-line typescript/no-floating-promises
  work();
}

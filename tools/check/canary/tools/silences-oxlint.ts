// caught by: no-warning-comments
export function start(work: () => Promise<void>): void {
  // oxlint-disable-next-line typescript/no-floating-promises
  work();
}

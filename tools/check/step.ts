/** One line of `npm run check`. */
export interface CheckStep {
  readonly name: string;
  /** What is wrong, for people; nothing when all is well. */
  run(): Promise<readonly string[]>;
}

/** Runs steps one after the other, saying each as it ends; returns the names of those that found something. */
export async function runSteps(steps: readonly CheckStep[], say: (line: string) => void): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of steps) {
    const started = performance.now();
    const problems = await run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(28)} ${seconds.padStart(5)} s`);
    for (const problem of problems) say(problem.replace(/^/gm, '      '));
    if (problems.length > 0) failed.push(name);
  }
  return failed;
}

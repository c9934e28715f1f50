import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './command.ts';

const CANARIES = 'tools/check/canary/**/*.ts';
const EXPECTATION = /^\/\/ caught by: (\S+)\n/;

/**
 * A rule that is silently off looks like a rule that is kept. Each canary breaks one rule and names it on its first
 * line; the answer lists canaries that nothing caught.
 */
export async function uncaughtCanaries(): Promise<readonly string[]> {
  const results = await new ESLint({ cwd: ROOT, ignore: false }).lintFiles(CANARIES);
  const canaries = results.flatMap(({ filePath, messages }) => {
    const rule = EXPECTATION.exec(readFileSync(filePath, 'utf8'))?.[1];
    return rule === undefined ? [] : [{ file: relative(ROOT, filePath), rule, messages }];
  });
  if (canaries.length === 0) return ['there is no canary left'];
  return canaries
    .filter(({ rule, messages }) => !messages.some(({ ruleId }) => ruleId === rule))
    .map(({ file, rule }) => `${rule} does not catch ${file}`);
}

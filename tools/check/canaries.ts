import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, runPackage } from './command.ts';
import { sources } from './sources.ts';

export const CANARIES = 'tools/check/canary';
const EXPECTATION = /^\/\/ caught by: (\S+)\n/;

interface Catch {
  readonly file: string;
  readonly rule: string | null;
}

/**
 * A rule that is silently off looks like a rule that is kept. Each canary breaks one rule and names it on its first
 * line; the answer lists canaries that nothing caught.
 */
export async function uncaughtCanaries(): Promise<readonly string[]> {
  const caught = (await Promise.all([caughtByEslint(), caughtByOxlint()])).flat();
  const canaries = sources('.ts', join(ROOT, CANARIES)).flatMap((path) => {
    const rule = EXPECTATION.exec(readFileSync(path, 'utf8'))?.[1];
    return rule === undefined ? [] : [{ file: relative(ROOT, path), rule }];
  });
  if (canaries.length === 0) return ['there is no canary left'];
  return canaries
    .filter(({ file, rule }) => !caught.some((each) => each.file === file && each.rule === rule))
    .map(({ file, rule }) => `${rule} does not catch ${file}`);
}

async function caughtByEslint(): Promise<readonly Catch[]> {
  const results = await new ESLint({ cwd: ROOT, ignore: false }).lintFiles(`${CANARIES}/**/*.ts`);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId }) => ({ file: relative(ROOT, filePath), rule: ruleId })),
  );
}

/** The part of oxlint's JSON that is read here. */
interface OxlintResult {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

async function caughtByOxlint(): Promise<readonly Catch[]> {
  const { output } = await runPackage('oxlint/bin/oxlint', ['--format', 'json', CANARIES]);
  const { diagnostics } = JSON.parse(output) as OxlintResult;
  return diagnostics.map(({ filename, code }) => ({ file: filename, rule: code }));
}

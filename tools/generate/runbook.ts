import { RUNBOOK, type RunbookEntry } from '@core/operations/runbook';
import type { GeneratedFile } from './generated-file.ts';

const list = (sentences: readonly string[]): string => sentences.map((sentence) => `- ${sentence}`).join('\n');

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const section = ([name, { means, causes, steps, never }]: readonly [string, RunbookEntry]): string =>
  [
    `## ${name}`,
    means,
    `Usual causes: ${causes.join('; ')}.`,
    list(steps),
    never.map((sentence) => `**${capital(sentence)}**`).join('\n'),
  ].join('\n\n');

/** What each alert and each finding of `ops status` means, what to do about it, and what not to do. */
export const runbook = (): GeneratedFile => ({
  path: 'docs/runbook.md',
  text: `# Runbook

What wakes an operator, by the name of the alert in \`infra/observability/rules.yml\`.
\`npm run ops -- status\` says what needs a person now, and \`npm run ops -- doctor\` says it with causes and the next command.
Generated from \`libs/operations/src/runbook.ts\` by \`npm run generate\`; do not edit.

${Object.entries(RUNBOOK).map(section).join('\n\n')}
`,
});

import type { ConformanceCheck } from '../conformance-check.ts';
import { OPERATION_NAMES } from '../operations.ts';
import { judged, skipped } from '../verdict.ts';

const counted = (answers: number): string => (answers === 1 ? '1 answer' : `${answers} answers`);

/** What was found in everything that came during the run: these are the last checks. */
export const schemaChecks: readonly ConformanceCheck[] = [
  ...(['status', 'content-type'] as const).map((name) => ({
    id: `transport.${name}`,
    title: name === 'status' ? 'Every answer came with HTTP 200, or 401' : 'Every answer came as application/json',
    why: 'Errors travel in the answer: another status is "Failed to fetch" to the user.',
    run: async ({ client: { log } }: Parameters<ConformanceCheck['run']>[0]) =>
      judged(log.faults(`transport.${name}`), counted(log.answers(`transport.${name}`))),
  })),
  ...OPERATION_NAMES.flatMap((name) => [
    {
      id: `schema.${name}`,
      title: `Answers of ${name} have their form`,
      why: 'An extra field, a null or a wrong word fails an autotest, and may break the page.',
      run: async ({ client: { log } }: Parameters<ConformanceCheck['run']>[0]) =>
        log.seen.includes(name)
          ? judged(log.faults(`schema.${name}`), counted(log.answers(`schema.${name}`)))
          : skipped('this run had no answer of it'),
    },
  ]),
];

/** The same against the document that the user brought. */
export const documentChecks: readonly ConformanceCheck[] = OPERATION_NAMES.map((name) => ({
  id: `document.${name}`,
  title: `Answers of ${name} are valid against the given document`,
  why: 'It is the document that TradingView validates by.',
  run: async ({ client: { log } }) =>
    log.seen.includes(name)
      ? judged(log.faults(`document.${name}`), counted(log.answers(`document.${name}`)))
      : skipped('this run had no answer of it'),
}));

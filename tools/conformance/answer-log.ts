import type { AnswerJudge } from './answer-judge.ts';
import { OPERATION_NAMES, type OperationName } from './operations.ts';
import type { Fault } from './verdict.ts';

const DISTINCT_MAX = 5;

interface Kept {
  answers: number;
  readonly faults: Map<string, Fault>;
}

/** What is said about the answers of one run, by what was looked at; the same fault counts once. */
export class AnswerLog {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly judges: Readonly<Record<'schema' | 'document', AnswerJudge | null>>) {}

  /** The body of an answer at HTTP 200, or one line of a stream. */
  body(operation: OperationName, body: unknown, at: string): void {
    for (const [name, judge] of Object.entries(this.judges))
      if (judge !== null) this.add(`${name}.${operation}`, judge.faults(operation, body), at);
  }

  add(about: string, faults: readonly Fault[], at: string): void {
    const kept = this.kept.get(about) ?? { answers: 0, faults: new Map<string, Fault>() };
    kept.answers += 1;
    for (const fault of faults) {
      // Which row of a list it was does not make it another fault.
      const key = fault.expected.replace(/\d+/g, '#');
      if (!kept.faults.has(key) && kept.faults.size < DISTINCT_MAX) kept.faults.set(key, { ...fault, at });
    }
    this.kept.set(about, kept);
  }

  faults(about: string): readonly Fault[] {
    return [...(this.kept.get(about)?.faults.values() ?? [])];
  }

  answers(about: string): number {
    return this.kept.get(about)?.answers ?? 0;
  }

  /** Operations that answered at least once. */
  get seen(): readonly OperationName[] {
    return OPERATION_NAMES.filter((name) => this.answers(`schema.${name}`) > 0);
  }
}

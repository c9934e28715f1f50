import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import type { FieldDifference } from '@core/kernel/json-difference';
import { AskedWrongly } from '@core/operations/asked-wrongly';
import { FoldStepper, type FoldStep } from '@core/operations/fold-stepper';
import { logLine, type LogLine } from '@core/operations/log-line';
import { foldNamed, projectionCatalogue } from '@core/operations/projection-catalogue';
import { Injectable } from '@nestjs/common';

/** Which fold of which account, and where in its course. */
export interface StepQuestion {
  readonly fold: string;
  readonly version?: number | undefined;
  readonly against?: number | undefined;
  readonly account: AccountId;
  /** The last event that is folded: the first of the account after it where it has none there. Without it the very first. */
  readonly at?: number | undefined;
}

/** A field before an event and after it; or by one version of a fold and by another. */
interface StepField {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What one event did to an account's state. */
export interface StepAnswer {
  readonly version: number;
  readonly line: LogLine;
  readonly changed: readonly StepField[];
  /** Where the other version differs: `before` is ours, `after` theirs. */
  readonly against: readonly StepField[];
  /** The whole state after it. */
  readonly state: unknown;
  /** Which event of the account it is, from 1 on. */
  readonly number: number;
  /** Positions of the account's other events; null where there are none. */
  readonly previous: number | null;
  readonly previousChange: number | null;
  readonly next: number | null;
  readonly nextChange: number | null;
}

/** A fold at work on one account's events, one at a time: `ops projections stepper` for a page. */
@Injectable()
export class FoldSteps {
  constructor(private readonly log: EventLog) {}

  async at({ fold, version, against, account, at = 0 }: StepQuestion): Promise<StepAnswer> {
    const ours = foldNamed(projectionCatalogue, fold, version);
    const theirs = against === undefined ? null : foldNamed(projectionCatalogue, fold, against);
    const stepper = new FoldStepper(ours, theirs);
    let here: (Pick<StepAnswer, 'previous' | 'previousChange' | 'state'> & { step: FoldStep }) | null = null;
    let previous: number | null = null;
    let previousChange: number | null = null;
    let next: number | null = null;
    for await (const event of this.eventsOf(account)) {
      const step = stepper.take(event);
      if (here === null) {
        if (event.position >= at) here = { step, previous, previousChange, state: stepper.state };
        previous = event.position;
        if (step.changed.length > 0) previousChange = event.position;
        continue;
      }
      next ??= event.position;
      if (step.changed.length > 0) return answer(ours.version, here, next, event.position);
    }
    if (here === null) throw new AskedWrongly(`nothing is recorded of ${account} at position ${at} or after it`);
    return answer(ours.version, here, next, null);
  }

  private async *eventsOf(account: AccountId): AsyncGenerator<RecordedEvent> {
    for await (const page of this.log.readAccount(account)) yield* page;
  }
}

const answer = (
  version: number,
  { step, ...before }: Pick<StepAnswer, 'previous' | 'previousChange' | 'state'> & { readonly step: FoldStep },
  next: number | null,
  nextChange: number | null,
): StepAnswer => ({
  version,
  line: logLine(step.event),
  changed: step.changed.map(fieldOf),
  against: step.against.map(fieldOf),
  number: step.event.version,
  ...before,
  next,
  nextChange,
});

const fieldOf = ({ path, left, right }: FieldDifference): StepField => ({
  path: path.join('.'),
  before: left ?? null,
  after: right ?? null,
});

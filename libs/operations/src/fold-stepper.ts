import type { RecordedEvent } from '@core/contracts/event';
import { differences, type FieldDifference } from '@core/kernel/json-difference';
import type { AnyProjection } from '@core/projection-runner/build-states';

/** What one event did to a state, and in which fields another version of the fold differs after it. */
export interface FoldStep {
  readonly event: RecordedEvent;
  readonly changed: readonly FieldDifference[];
  readonly against: readonly FieldDifference[];
}

/** A fold at work on one account: it says what each event changed. */
export class FoldStepper {
  private readonly folded: unknown;
  private readonly other: unknown;

  constructor(
    private readonly fold: AnyProjection,
    private readonly against: AnyProjection | null,
  ) {
    this.folded = fold.initial();
    this.other = against?.initial();
  }

  /** As of the last event, and no part of what the fold goes on with. */
  get state(): unknown {
    return structuredClone(this.folded);
  }

  take(event: RecordedEvent): FoldStep {
    const before = this.state;
    this.fold.evolve(this.folded, event);
    this.against?.evolve(this.other, event);
    const after = this.state;
    return {
      event,
      changed: differences(before, after),
      against: this.against ? differences(after, structuredClone(this.other)) : [],
    };
  }
}

import { ProjectionRunner, type RunnerOptions } from '@core/projection-runner/projection-runner';
import { applySpan, stepsAmong } from '@core/service/story-spans';
import type { Tracing } from '@core/service/tracing';

/** A runner that tells of each event when its states have it. */
export function tracedRunner(tracing: Tracing, options: RunnerOptions): ProjectionRunner {
  const runner = new ProjectionRunner(options);
  if (tracing.isOn)
    runner.onApplied((events) => {
      for (const event of stepsAmong(events)) tracing.record(applySpan(event, Date.now()));
    });
  return runner;
}

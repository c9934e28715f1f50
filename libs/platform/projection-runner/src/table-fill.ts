import { inBackground } from '@core/service/in-background';
import type { TableRunner } from './table-runner.ts';

/** Fills the rows of a build from the log, beside those that are served; one that was cut short goes on from its checkpoint. */
export class TableFill {
  constructor(readonly filled: TableRunner) {}

  /** When it is at the head of the log, `arrived` is called; unless it was stopped before. */
  async run(arrived: () => void): Promise<void> {
    await this.filled.start();
    if (this.filled.ready) arrived();
  }

  stop(): void {
    inBackground('stopping what is filled', this.filled.stop());
  }
}

import { Injectable } from '@nestjs/common';

/** The time. `now` only ever grows, whatever happens to the machine's date: for ages, rates and timeouts. */
@Injectable()
export class SteadyClock {
  now(): number {
    return performance.now();
  }

  /** Milliseconds since the epoch: for what ends on a date. */
  today(): number {
    return Date.now();
  }
}

import { Injectable } from '@nestjs/common';

/** Milliseconds that only ever grow, whatever happens to the machine's time: for ages, rates and timeouts. */
@Injectable()
export class SteadyClock {
  now(): number {
    return performance.now();
  }
}

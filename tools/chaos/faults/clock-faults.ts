import { present } from '@core/kernel/present';
import type { ChaosFault } from './fault.ts';

const HOUR_S = 3_600;

/** An hour ahead or behind, and right again. */
export const jump: ChaosFault = async ({ clock }, target) => {
  const jumping = present(clock, 'without a clock there is no such fault');
  jumping.show(target.endsWith('ahead') ? HOUR_S : -HOUR_S);
  return () => jumping.show(0);
};

import fc from 'fast-check';
import { diskLimitsFor } from './disk-limits.ts';

const MEGABYTE = 1_048_576;

it('takes the usual where there is plenty, and never more than fits', () => {
  expect(diskLimitsFor(100_000 * MEGABYTE)).toEqual({ walMegabytes: 2_048, intakeBytes: 1_024 * MEGABYTE });
  fc.assert(
    fc.property(fc.integer({ min: 400, max: 20_000 }), (freeMegabytes) => {
      const limits = diskLimitsFor(freeMegabytes * MEGABYTE);
      const { walMegabytes = 0, intakeBytes = 0 } = limits ?? {};
      // Postgres wants two segments of 16 MB at least, and NATS gives streams three quarters of what is free.
      expect(walMegabytes).toBeGreaterThanOrEqual(32);
      expect(intakeBytes).toBeLessThan(freeMegabytes * MEGABYTE * 0.75 - walMegabytes * MEGABYTE);
    }),
  );
});

it('says where a system would not fit', () => {
  expect(diskLimitsFor(399 * MEGABYTE)).toBeNull();
});

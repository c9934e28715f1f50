import { exampleAccount } from '@core/contracts/examples.fixture';
import { instantFromMs } from '@core/kernel/instant';
import type { BookRequest } from '@core/projections/broker-book/state';
import { DAY_MS, TrackerHarness, sent } from '@core/execution/account-tracker.fixture';
import { Abandonment } from './abandonment.ts';

const [requested] = Object.values(new TrackerHarness(sent().slice(0, 2)).tracker.book.requests);
if (!requested) throw new Error('no request');

const request = (ageMs: number, fields: Partial<BookRequest> = {}): BookRequest => ({
  ...requested,
  requestedAt: instantFromMs(DAY_MS - ageMs),
  ...fields,
});

function abandoned(...requests: readonly BookRequest[]) {
  const claimed: BookRequest[] = [];
  const abandonment = new Abandonment({
    abandonMs: 45_000,
    idle: () => [exampleAccount],
    requests: () => requests,
    claim: (_, each) => Promise.resolve(claimed.push(each)),
    nowMs: () => DAY_MS,
  });
  return { abandonment, claimed };
}

describe('a request that finds no session', () => {
  it('is claimed once it is too old to be sent, and not before', async () => {
    const old = request(45_001);
    const { abandonment, claimed } = abandoned(old, request(45_000));
    await abandonment.look();
    expect(claimed).toEqual([old]);
  });

  it('is left alone when somebody has claimed it already', async () => {
    const { abandonment, claimed } = abandoned(request(50_000, { status: 'dispatched' }));
    await abandonment.look();
    expect(claimed).toEqual([]);
  });

  it('is asked about by one round at a time, and no more after the end', async () => {
    const { abandonment, claimed } = abandoned(request(50_000), request(60_000));
    await Promise.all([abandonment.look(), abandonment.look()]);
    expect(claimed).toHaveLength(2);
    await abandonment.stop();
    await abandonment.look();
    expect(claimed).toHaveLength(2);
  });
});

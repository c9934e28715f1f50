import { exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import type { BookRequest } from '@core/projections/broker-book/state';
import { TrackerHarness, sent } from '@core/execution/account-tracker.fixture';
import { Abandonment } from './abandonment.ts';

const [requested] = Object.values(new TrackerHarness(sent().slice(0, 2)).tracker.book.requests);
if (!requested) throw new Error('no request');

/** Asked for at a time that means nothing: whose clock said so, and was it right? */
const request = (requestId: number, fields: Partial<BookRequest> = {}): BookRequest => ({
  ...requested,
  requestId: exampleId(requestId),
  requestedAt: requestId % 2 === 0 ? '2031-01-01T00:00:00.000000Z' : '2001-01-01T00:00:00.000000Z',
  ...fields,
});

function abandoned(...requests: BookRequest[]) {
  const claimed: BookRequest[] = [];
  const clock = { ms: 0 };
  const abandonment = new Abandonment({
    abandonMs: 45_000,
    idle: () => [exampleAccount],
    requests: () => requests,
    claim: (_, each) => Promise.resolve(claimed.push(each)),
    nowMs: () => clock.ms,
  });
  const lookAt = (ms: number): Promise<void> => {
    clock.ms = ms;
    return abandonment.look();
  };
  return { abandonment, requests, claimed, lookAt };
}

describe('a request that finds no session', () => {
  it('is claimed once it is too old to be sent, and not before', async () => {
    const [old, fresh, ahead] = [request(1), request(3), request(2)];
    const { requests, claimed, lookAt } = abandoned(old, ahead);
    await lookAt(0);
    requests.push(fresh);
    await lookAt(1);
    await lookAt(45_000);
    expect(claimed).toEqual([]);
    await lookAt(45_001);
    expect(claimed).toEqual([old, ahead]);
  });

  it('is left alone when somebody has claimed it already', async () => {
    const { claimed, lookAt } = abandoned(request(1, { status: 'dispatched' }));
    await lookAt(0);
    await lookAt(50_000);
    expect(claimed).toEqual([]);
  });

  it('is asked about by one round at a time, and no more after the end', async () => {
    const { abandonment, claimed, lookAt } = abandoned(request(1), request(2));
    await lookAt(0);
    await Promise.all([lookAt(50_000), lookAt(50_000)]);
    expect(claimed).toHaveLength(2);
    await abandonment.stop();
    await lookAt(60_000);
    expect(claimed).toHaveLength(2);
  });
});

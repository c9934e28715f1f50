import type { BookRequest } from '@core/xapi/broker-book';
import { instantFromMs } from '@core/kernel/instant';
import { Abandonment } from './abandonment.ts';
import { DAY_MS, DeskKit, sent } from './desk.fixture.ts';

const [requested] = Object.values(new DeskKit(sent().slice(0, 2)).desk.book.requests);
if (!requested) throw new Error('no request');

const request = (ageMs: number, fields: Partial<BookRequest> = {}): BookRequest => ({
  ...requested,
  requestedAt: instantFromMs(DAY_MS - ageMs),
  ...fields,
});

function abandoned(requests: readonly BookRequest[], hasSession: () => boolean = () => false) {
  const claimed: BookRequest[] = [];
  const claim = (each: BookRequest) => Promise.resolve(claimed.push(each)).then(() => null);
  const parts = { abandonMs: 45_000, claims: { claim }, hasSession, requests: () => requests, nowMs: () => DAY_MS };
  return { abandonment: new Abandonment(parts), claimed };
}

describe('a request that finds no session', () => {
  it('is claimed once it is too old to be sent, and not before', async () => {
    const old = request(45_001);
    const { abandonment, claimed } = abandoned([old, request(45_000)]);
    await abandonment.look();
    expect(claimed).toEqual([old]);
  });

  it('is left alone when somebody has claimed it already', async () => {
    const { abandonment, claimed } = abandoned([request(50_000, { status: 'dispatched' })]);
    await abandonment.look();
    expect(claimed).toEqual([]);
  });

  it('is the executor’s as soon as there is a session', async () => {
    const { abandonment, claimed } = abandoned([request(50_000), request(60_000)], () => claimed.length > 0);
    await abandonment.look();
    expect(claimed).toHaveLength(1);
  });

  it('is asked about by one round at a time', async () => {
    const { abandonment, claimed } = abandoned([request(50_000)]);
    await Promise.all([abandonment.look(), abandonment.look()]);
    expect(claimed).toHaveLength(1);
  });
});

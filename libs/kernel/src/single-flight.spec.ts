import { SingleFlight, SingleFlights } from './single-flight.ts';

/** Work that ends when it is told to. */
function held() {
  const begun: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const work = () => new Promise<number>((resolve, reject) => begun.push({ resolve, reject }));
  return { begun, work };
}

describe('SingleFlight', () => {
  it('lets those who come meanwhile share the result, and begins anew after', async () => {
    const [flight, { begun, work }] = [new SingleFlight<number>(), held()];
    const both = Promise.all([flight.run(work), flight.run(work)]);
    expect([begun.length, flight.isUnderway]).toEqual([1, true]);
    begun[0]?.resolve(1);
    expect(await both).toEqual([1, 1]);
    expect(flight.isUnderway).toBe(false);
    const again = flight.run(work);
    begun[1]?.resolve(2);
    expect(await again).toBe(2);
  });

  it('does not remember a failure', async () => {
    const [flight, { begun, work }] = [new SingleFlight<number>(), held()];
    const failing = flight.run(work);
    const idle = flight.idle();
    begun[0]?.reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await expect(idle).resolves.toBeUndefined();
    await expect(flight.run(async () => 3)).resolves.toBe(3);
  });

  it('is idle once what is under way has ended', async () => {
    const [flight, { begun, work }] = [new SingleFlight<number>(), held()];
    await flight.idle();
    void flight.run(work);
    let isIdle = false;
    const idle = flight.idle().then(() => (isIdle = true));
    await Promise.resolve();
    expect(isIdle).toBe(false);
    begun[0]?.resolve(1);
    await idle;
    expect(flight.isUnderway).toBe(false);
  });
});

describe('SingleFlights', () => {
  it('shares by key', async () => {
    const [flights, { begun, work }] = [new SingleFlights<string, number>(), held()];
    const all = Promise.all([flights.run('a', work), flights.run('b', work), flights.run('a', work)]);
    expect([begun.length, flights.has('a'), flights.has('c')]).toEqual([2, true, false]);
    begun[0]?.resolve(1);
    begun[1]?.resolve(2);
    expect(await all).toEqual([1, 2, 1]);
    await flights.idle();
    expect(flights.has('a')).toBe(false);
  });

  it('does not remember a failure', async () => {
    const flights = new SingleFlights<string, number>();
    const failing = flights.run('a', () => Promise.reject(new Error('no')));
    const idle = flights.idle();
    await expect(failing).rejects.toThrow('no');
    await idle;
    await expect(flights.run('a', async () => 1)).resolves.toBe(1);
  });
});

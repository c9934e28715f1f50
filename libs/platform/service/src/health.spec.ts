import { Health } from './health.ts';

const started = (): Health => {
  const health = new Health(20);
  health.started();
  return health;
};

describe('Health', () => {
  it('is not ready before the app has started, nor once it stops', async () => {
    const health = new Health(20);
    expect(await health.readiness()).toEqual({
      status: 'error',
      checks: { process: { status: 'down', reason: 'starting', lastUpMsAgo: null } },
    });
    health.started();
    expect((await health.readiness()).status).toBe('ok');
    health.stopping();
    health.started();
    expect((await health.readiness()).checks).toMatchObject({ process: { status: 'down', reason: 'stopping' } });
  });

  it('says what its start waits for, as long as it does', async () => {
    const health = new Health(20);
    const reason = async (): Promise<unknown> => (await health.readiness()).checks.process;
    health.waiting('stands by');
    expect(await reason()).toMatchObject({ status: 'down', reason: 'stands by' });
    health.waiting(null);
    expect(await reason()).toMatchObject({ status: 'down', reason: 'starting' });
    health.waiting('stands by');
    health.started();
    expect(await reason()).toEqual({ status: 'up' });
  });

  it('tells which part is down and why', async () => {
    const health = started();
    health.register('postgres', () => undefined);
    health.register('nats', () => Promise.reject(new Error('connection refused')));
    expect(await health.readiness()).toEqual({
      status: 'error',
      checks: {
        process: { status: 'up' },
        postgres: { status: 'up' },
        nats: { status: 'down', reason: 'connection refused', lastUpMsAgo: null },
      },
    });
  });

  it('does not wait for a check that hangs', async () => {
    const health = started();
    health.register('postgres', () => new Promise(() => undefined));
    expect((await health.readiness()).checks.postgres).toEqual({
      status: 'down',
      reason: 'no answer within 20 ms',
      lastUpMsAgo: null,
    });
  });

  it('tells how long ago what is down was last seen up', async () => {
    let nowMs = 1_000;
    let isUp = true;
    const health = new Health(20, () => nowMs);
    health.register('nats', () => {
      if (!isUp) throw new Error('away');
    });
    await health.readiness();
    isUp = false;
    nowMs = 4_000;
    expect((await health.readiness()).checks.nats).toEqual({ status: 'down', reason: 'away', lastUpMsAgo: 3_000 });
  });

  it('is as ready with a word of warning as without', async () => {
    const health = started();
    let word: string | null = null;
    health.note(() => word);
    expect(await health.readiness()).toEqual({ status: 'ok', checks: { process: { status: 'up' } } });
    word = 'clocks differ';
    expect(await health.readiness()).toMatchObject({ status: 'ok', notes: ['clocks differ'] });
  });

  it('takes a name once', () => {
    const health = started();
    health.register('nats', () => undefined);
    expect(() => health.register('nats', () => undefined)).toThrow('twice');
  });
});

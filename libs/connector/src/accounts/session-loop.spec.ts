import { exampleAccount } from '@core/contracts/examples.fixture';
import { ManualClock } from '@core/testing/manual-clock';
import { BrokerUnavailable, LoginRefused } from '../broker-failure.ts';
import { SessionLoop, type Attempt } from './session-loop.ts';
import { SessionSettings } from './session-settings.ts';

const settings = new SessionSettings({
  ...{ backoffMinMs: 1_000, backoffMaxMs: 5_000, fullPauseMs: 30_000, healthyMs: 60_000 },
  ...{ disabledMinMs: 60_000, disabledMaxMs: 200_000, credentialsMinMs: 900_000, credentialsMaxMs: 43_200_000 },
});
const quiet = { warn: () => undefined, error: () => undefined };
const gone = (): never => {
  throw new BrokerUnavailable('nobody there');
};

describe('sessions, one after the other', () => {
  let clock: ManualClock;
  let live: (attempt: Attempt) => Promise<void>;
  /** When each was begun. */
  let begun: number[];
  let random: number;
  let loop: SessionLoop;
  let refused: [string, number][];

  beforeEach(() => {
    clock = new ManualClock();
    begun = [];
    random = 1;
    refused = [];
    live = async () => gone();
    loop = new SessionLoop({
      ...{ account: exampleAccount, settings, clock, log: quiet, metrics: { loginRefused: () => undefined } },
      random: () => random,
      refused: (code, pauseMs) => refused.push([code, pauseMs]),
      credentials: () => Promise.resolve({ login: '1', password: 'x' }),
      live: (attempt) => {
        begun.push(clock.now());
        return live(attempt);
      },
    });
  });
  afterEach(() => loop.stop('over'));

  /** What takes so long and then comes to something, unless it is given up. */
  const after = (ms: number, { signal }: Attempt, end: () => void): Promise<void> =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      clock.after(ms, () => resolve());
    }).then(end);
  /** A session that holds for so long. */
  const holding = (ms: number) => (attempt: Attempt) => {
    attempt.ready();
    return after(ms, attempt, () => undefined);
  };

  it('begin with waits in between that double up to a limit', async () => {
    loop.start();
    await clock.advance(20_000);
    expect(begun).toEqual([0, 1_000, 3_000, 7_000, 12_000, 17_000]);
  });

  it('wait a random part of that, so that many accounts do not come back at once', async () => {
    random = 0.5;
    loop.start();
    await clock.advance(3_000);
    expect(begun).toEqual([0, 500, 1_500]);
  });

  it('begin soon again after a good one, and after none that only waited for long', async () => {
    loop.start();
    await clock.advance(7_000);
    live = holding(60_001);
    await clock.advance(5_000 + 60_001);
    expect(begun).toEqual([0, 1_000, 3_000, 7_000, 12_000]);
    live = (attempt) => after(70_000, attempt, gone);
    await clock.advance(1_000);
    expect(begun.slice(5)).toEqual([73_001]);
    await clock.advance(70_000 + 2_000);
    expect(begun.slice(6)).toEqual([145_001]);
  });

  it('say how they stand', async () => {
    live = holding(10_000);
    expect(loop.status).toBe('waiting');
    loop.start();
    expect(loop.status).toBe('ready');
    await clock.advance(10_000);
    expect(loop.status).toBe('waiting');
    live = (attempt) => after(10_000, attempt, gone);
    await clock.advance(1_000);
    expect(loop.status).toBe('connecting');
  });

  it('that a broker has disabled come back by themselves, with waits that double up to a limit', async () => {
    random = 0;
    live = () => Promise.reject(new LoginRefused('disabled', 'BE004'));
    loop.start();
    await clock.advance(400_000);
    expect([begun, loop.status]).toEqual([[0, 60_000, 180_000, 380_000], 'refused']);
    expect(refused.at(-1)).toEqual(['BE004', 200_000]);
    live = holding(1_000);
    await clock.advance(180_500);
    expect(loop.status).toBe('ready');
    live = () => Promise.reject(new LoginRefused('disabled', 'BE004'));
    await clock.advance(1_000);
    expect(refused.at(-1)).toEqual(['BE004', 60_000]);
  });

  it('whose password is wrong are tried so seldom that nobody locks them, and at once when it has changed', async () => {
    random = 0;
    live = () => Promise.reject(new LoginRefused('credentials', 'BE005'));
    loop.start();
    await clock.advance(86_400_000);
    expect(begun.map((ms) => ms / 900_000)).toEqual([0, 1, 3, 7, 15, 31, 63]);
    expect(loop.status).toBe('refused');
    loop.retry();
    await clock.advance(0);
    expect([begun.length, loop.status]).toEqual([8, 'refused']);
    expect(refused.at(-1)).toEqual(['BE005', 900_000]);
  });

  it('are tried at once when the password changed while they were being refused', async () => {
    live = async ({ credentials }) => {
      await credentials();
      if (begun.length === 1) loop.retry();
      throw new LoginRefused('credentials', 'BE005');
    };
    loop.start();
    await clock.advance(10);
    expect([begun.length, loop.status]).toEqual([2, 'refused']);
  });

  it('wait longer where there are too many connections', async () => {
    random = 0.5;
    live = () => Promise.reject(new LoginRefused('full', 'EX008'));
    loop.start();
    await clock.advance(45_000);
    expect(begun).toEqual([0, 45_000]);
  });

  it('end at any moment: while they are being opened, and between two', async () => {
    live = (attempt) => after(10_000, attempt, gone);
    loop.start();
    await clock.advance(0);
    await loop.stop('the lease was lost');
    expect([begun, loop.status]).toEqual([[0], 'stopped']);
    await clock.advance(60_000);
    expect(begun).toHaveLength(1);
  });
});

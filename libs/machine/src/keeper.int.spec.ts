import { until } from '@core/testing/until';
import { Keeper, type Kept } from './keeper.ts';

/** A server that the spec ends, freezes and spoils. */
function aServer() {
  const server = { runs: true, frozen: false, spoiled: 0, replaced: 0 };
  const kept: Kept = {
    name: 'NATS',
    isRunning: () => server.runs,
    answers: () => (server.frozen ? Promise.reject(new Error('silent')) : Promise.resolve()),
    replace() {
      if (server.spoiled-- > 0) return Promise.reject(new Error('NATS did not start; its log ends with\nno room'));
      Object.assign(server, { runs: true, frozen: false, replaced: server.replaced + 1 });
      return Promise.resolve();
    },
  };
  return { server, kept };
}

let keeper: Keeper;
const said: string[] = [];
const keep = (kept: Kept, silentMs: number): void => {
  keeper = new Keeper([kept], (line) => said.push(line), { everyMs: 1, silentMs });
  keeper.start();
};
afterEach(async () => {
  await keeper.stop();
  said.length = 0;
});

it('starts again what ended, as often as it takes, and says so', async () => {
  const { server, kept } = aServer();
  keep(kept, 1_000_000);
  Object.assign(server, { runs: false, spoiled: 1 });
  await until(() => server.replaced === 1);
  await until(() => said.length === 3);
  expect(said).toEqual([
    'NATS ended; starting it again',
    expect.stringMatching(/^NATS did not start \(no room\); trying again in \d+ ms$/),
    'NATS is ready again',
  ]);
});

it('replaces what runs and has been silent for long, and nothing else', async () => {
  const { server, kept } = aServer();
  keep(kept, 20);
  server.frozen = true;
  await until(() => server.replaced === 1);
  await until(() => said.length === 2);
  expect(said).toEqual(['NATS runs and does not answer; replacing it', 'NATS is ready again']);
});

it('starts nothing once it was stopped', async () => {
  const { server, kept } = aServer();
  keep(kept, 1_000_000);
  await keeper.stop();
  server.runs = false;
  expect(server.replaced).toBe(0);
  expect(said).toEqual([]);
});

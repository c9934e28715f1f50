import { succeeds } from '@core/kernel/succeeds';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import type { NatsConnection } from 'nats';
import { connectNats } from './nats-connection.ts';

const HOUR_MS = 3_600_000;

describe('a connection to NATS', () => {
  let nats: ThrowawayNats;
  let connection: NatsConnection;

  beforeEach(async () => {
    nats = await ThrowawayNats.start();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await connection.close();
    await nats.stop();
  });

  it.each([
    ['put back', HOUR_MS, 0],
    ['put forward', 0, HOUR_MS],
    ['left alone', 0, 0],
  ])(
    'is there again after the server was, also where the machine’s clock was %s meanwhile',
    async (_, before, after) => {
      const now = Date.now.bind(Date);
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + before);
      connection = await connectNats({ url: nats.url, name: 'spec' });
      clock.mockImplementation(() => now() + after);

      await nats.kill();
      await nats.boot();

      await until(() => succeeds(connection.rtt()));
    },
  );
});

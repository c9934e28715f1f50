import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { Logger } from '@nestjs/common';
import type { NatsConnection } from 'nats';
import { connectNats } from './nats-connection.ts';
import { subscribe } from './subscribe.ts';

describe('a subscription', () => {
  let server: ThrowawayNats;
  let nats: NatsConnection;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await ThrowawayNats.start();
    nats = await connectNats({ url: server.url, name: 'spec' });
  });
  afterAll(async () => {
    await nats.close();
    await server.stop();
  });

  it('goes on after a message that could not be taken, and so does the connection', async () => {
    const taken: string[] = [];
    subscribe(nats, 'some', (message) => {
      if (message.string() === 'bad') throw new Error('as it may be');
      taken.push(message.string());
    });
    subscribe(nats, 'other', (message) => void message.respond('heard'));
    for (const word of ['one', 'bad', 'two']) nats.publish('some', word);
    await nats.flush();
    expect(taken).toEqual(['one', 'two']);
    expect((await nats.request('other', '', { timeout: 10_000 })).string()).toBe('heard');
  });
});

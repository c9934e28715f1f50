import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { newId } from '@core/service/clock';
import { Accounts } from './accounts.ts';
import { WsSessionHarness, type Frame } from '../ws-session-harness.fixture.ts';
import { Playback } from './playback.ts';
import { Broadcast } from '../connection/broadcast.ts';
import { Session } from '../connection/session.ts';
import { sendQueueTo, SlowSocket } from '../connection/slow-socket.fixture.ts';
import { Topics } from '../connection/topics.ts';

/** More than one group of a snapshot. */
const ACCOUNTS = 60;
const account = (n: number) => exampleId(0xacc000 + n);

describe('a snapshot for a client that reads slowly', () => {
  it('holds each change once: in the part of its account, or after the end', async () => {
    const harness = await WsSessionHarness.open();
    const key = harness.keys.add('everything');
    for (let n = 0; n < ACCOUNTS; n += 1) {
      await harness.happen(anEvent('AccountRegistered', {}, { subject: account(n) }));
    }
    const socket = new SlowSocket();
    const { queue } = sendQueueTo(socket);
    const session = new Session(queue, {
      id: exampleId(1),
      credential: { key, secretHash: key.secretHash },
      features: new Set(['sequence', 'snapshot']),
      topics: Topics.all(false),
      owed: null,
      cursor: '',
      newId,
    });
    const write = socket.write.bind(socket);
    socket.write = (frame) => {
      write(frame);
      socket.bufferedAmount = 150;
      return true;
    };
    queue.send = (frame) => void socket.write(frame);

    harness.part(ProjectionRunner).onEach((event) => {
      for (const message of harness.part(Accounts).messagesOf(event)) session.hear([new Broadcast(message)]);
    });
    const playing = harness.part(Playback).snapshot(session, ['accounts'], () => true);
    await new Promise(setImmediate);
    expect(socket.sent).toHaveLength(1);
    const [told, untold] = [account(0), account(ACCOUNTS - 1)];
    for (const subject of [told, untold])
      await harness.happen(anEvent('BalanceChanged', { balance: '7' }, { subject }));
    await harness.part(ProjectionRunner).reached(ACCOUNTS + 2, 5_000);
    expect(socket.sent).toHaveLength(1);

    socket.bufferedAmount = 0;
    queue.look(0);
    await playing;
    const frames = socket.sent.map((text) => JSON.parse(text) as Frame);
    const kinds = frames.map(({ message_type: type }) =>
      typeof type === 'string' ? type : Object.keys(type.server_message)[0],
    );
    expect(kinds).toEqual(['account_event', 'account_event', 'sync_completed', 'account_event']);
    expect(socket.sent[1]).toContain('"balance":7');
    expect(frames[3]).toMatchObject({
      sequence: 2,
      message_type: { server_message: { account_event: { account_update: { account: { id: told } } } } },
    });
    await harness.close();
  });
});

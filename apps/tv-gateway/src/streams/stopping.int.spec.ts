import { until } from '@core/testing/until';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { GatewayHarness } from '../gateway-harness.fixture.ts';
import { adasAccount } from '../memory-ports.fixture.ts';

const READERS = 2_000;
const MANY = { STREAMS_MAX: '5000', STREAMS_PER_TRADER: '5000' };

interface Reader {
  readonly socket: Socket;
  /** Everything it was answered so far. */
  heard: string;
}

let gateway: GatewayHarness;
let head: string;

beforeEach(async () => {
  gateway = await GatewayHarness.start(MANY);
  await gateway.app.listen(0, '127.0.0.1');
  const token = await gateway.login('ada');
  head = `GET /accounts/${adasAccount.id}/stream/orders?locale=en HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`;
});

async function open(): Promise<Reader> {
  const socket = connect({ port: (gateway.app.getHttpServer().address() as AddressInfo).port, host: '127.0.0.1' });
  const reader: Reader = { socket, heard: '' };
  socket.setEncoding('utf8').on('data', (text: string) => (reader.heard += text));
  await once(socket, 'connect');
  socket.write(head);
  return reader;
}

it('two thousand readers of streams hear why they end, and the end of their answer', async () => {
  const readers: Reader[] = [];
  for (let n = 0; n < READERS; n += 100) {
    const some = await Promise.all(Array.from({ length: 100 }, open));
    await until(() => some.every(({ heard }) => heard.includes('[]')));
    readers.push(...some);
  }
  const silent = await open();
  await until(() => silent.heard.includes('[]'));
  silent.socket.pause();
  const ends = readers.map(({ socket }) => once(socket, 'close'));
  await gateway.stop();
  await Promise.all(ends);
  const last = readers.map(({ heard }) => heard.slice(heard.indexOf('{"s":"error"')));
  expect(new Set(last).size).toBe(1);
  expect(last[0]).toMatch(/^\{"s":"error","errmsg":"The service is being restarted.*"\}\n\r\n0\r\n\r\n$/);
  silent.socket.destroy();
});

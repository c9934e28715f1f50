import { once } from 'node:events';
import { createServer as httpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { HttpWire } from './http-wire.ts';
import { requireReachable } from './reachability.ts';
import { UsageError } from './usage-error.ts';

let server: Server;
afterEach(() => server.close());
const reached = async (begun: Server, path = ''): Promise<string> => {
  server = begun.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const reason = await requireReachable(new HttpWire(), url).catch((error: unknown) => error);
  if (reason !== undefined && !(reason instanceof UsageError)) throw reason;
  return reason?.message ?? 'reached';
};

it('whatever is HTTP is reached, be it that it knows nothing', async () => {
  expect(await reached(httpServer((_, response) => response.writeHead(404).end('<html>')))).toBe('reached');
});

it('one that speaks something else is not', async () => {
  expect(await reached(createServer((socket) => socket.end('SSH-2.0-x\r\n')))).toContain('no HTTP');
});

it('one that sends on says where to', async () => {
  const sending = httpServer((_, response) =>
    response.writeHead(301, { location: 'https://broker.example/api/mapping' }).end(),
  );
  expect(await reached(sending, '/api')).toContain('https://broker.example/api: give that');
});

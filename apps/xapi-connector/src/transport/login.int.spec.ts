import { until } from '@core/testing/until';
import { JsonSplitter } from '@core/xapi/wire/json-splitter';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { NoTurn } from '@core/connector/broker-failure';
import { RequestSettings } from '@core/connector/requests/request-settings';
import { XapiSettings } from '../config.ts';
import { loginOptions } from './login-options.ts';
import { Login } from './login.ts';

const options = loginOptions(
  new XapiSettings({ commandIntervalMs: 0, connectTimeoutMs: 60_000 }),
  new RequestSettings(),
);

/** A listener that answers what it is told to, and otherwise nothing at all. */
class Port {
  readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(onCommand: (command: string, tag: string) => string) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
      const splitter = new JsonSplitter(1_000_000);
      socket.on('data', (bytes) => {
        for (const { command, customTag } of splitter.push(bytes).messages)
          socket.write(onCommand(String(command), String(customTag)));
      });
    }).listen(0, '127.0.0.1');
  }

  async address() {
    if (!this.server.listening) await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    return { transport: 'tcp', address: `127.0.0.1:${port}`, insecureTls: false } as const;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

const answering = (command: string, customTag: string): string =>
  JSON.stringify(
    command === 'login'
      ? { status: true, customTag, streamSessionId: 'token' }
      : { status: true, customTag, returnData: { time: Date.now() } },
  );
const silent = (): string => '';
const credentials = { login: '1', password: 'x' };
const listener = { record: () => undefined, replied: () => undefined, closed: () => undefined };

describe('a session that is being opened', () => {
  let main: Port;
  let stream: Port;
  let stopping: AbortController;
  afterEach(() => {
    main.close();
    stream.close();
  });

  async function opening(onMain: typeof answering, onStream: typeof answering): Promise<unknown> {
    main = new Port(onMain);
    stream = new Port(onStream);
    stopping = new AbortController();
    const server = { main: await main.address(), stream: await stream.address() };
    return Login.open(server, credentials, options, listener, stopping.signal).then(
      () => 'open',
      (error: unknown) => error,
    );
  }

  const allGone = (): Promise<void> => until(() => main.sockets.size + stream.sockets.size === 0);

  it('ends at once where the broker never answers the login', async () => {
    const opened = opening(silent, silent);
    await until(() => main?.sockets.size === 1);
    stopping.abort(new Error('the lease was lost'));
    await expect(opened).resolves.toMatchObject({ message: 'the lease was lost' });
    await allGone();
  });

  it('ends at once where the stream never says a word', async () => {
    const opened = opening(answering, silent);
    await until(() => stream?.sockets.size === 1);
    stopping.abort(new Error('the lease was lost'));
    await expect(opened).resolves.toMatchObject({ message: 'the lease was lost' });
    await allGone();
  });

  it('does not begin when it was stopped before', async () => {
    const opened = opening(answering, silent);
    stopping.abort(new Error('the lease was lost'));
    await expect(opened).resolves.toMatchObject({ message: 'the lease was lost' });
    await allGone();
  });

  it('leaves no stream behind when its main connection ends while that is being opened', async () => {
    main = new Port(answering);
    stream = new Port(silent);
    stopping = new AbortController();
    const web = createHttpServer();
    const sockets = new WebSocketServer({ noServer: true });
    web.on('upgrade', (request, socket: Socket, head) => {
      const [session] = main.sockets;
      session?.end().once('close', () => {
        sockets.handleUpgrade(request, socket, head, (opened) => {
          opened.on('message', () => opened.send(JSON.stringify({ command: 'keepAlive', data: { timestamp: 1 } })));
        });
      });
    });
    await once(web.listen(0, '127.0.0.1'), 'listening');
    const address = `ws://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const server = { main: await main.address(), stream: { transport: 'ws', address, insecureTls: false } as const };
    await expect(Login.open(server, credentials, options, listener, stopping.signal)).rejects.toThrow(NoTurn);
    await until(() => sockets.clients.size === 0);
    web.close();
  });
});

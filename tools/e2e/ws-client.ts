import { once } from 'node:events';
import { until } from '@core/testing/until';
import { WebSocket } from 'ws';

type Message = Record<string, unknown>;

interface Connecting {
  readonly url: string;
  readonly secretKey: string;
  readonly features?: readonly string[];
}

/** A client of the WebSocket protocol: answers pings, remembers what it was told. */
export class WsClient {
  readonly messages: Message[] = [];
  /** When each of them arrived, in milliseconds since the epoch. */
  readonly arrivals: number[] = [];

  private constructor(private readonly socket: WebSocket) {}

  static async connect({ url, secretKey, features = [] }: Connecting): Promise<WsClient> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const client = new WsClient(socket);
    socket.on('message', (data) => client.take(String(data)));
    client.send('auth', {
      client_message: { auth_request: { secret_key: secretKey, ...(features.length > 0 && { features }) } },
    });
    await client.next('auth_result', ({ result }) => result === 'success');
    return client;
  }

  /** The body of the first message of a kind, such as `position.created`, that fits; those seen already count. */
  async next(kind: string, fits: (body: Message) => boolean = () => true): Promise<Message> {
    const find = (): Message | undefined => this.bodies(kind).find(fits);
    await until(() => find() !== undefined);
    return find() as Message;
  }

  /** Bodies of all messages of a kind so far. */
  bodies(kind: string): Message[] {
    return this.messages.map((message) => dig(message, kind.split('.'))).filter((body) => body !== undefined);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close(1000);
    await closed;
  }

  private take(text: string): void {
    const { message_id: id, message_type: type } = JSON.parse(text) as { message_id: string; message_type: unknown };
    if (type === 'Ping') this.send(id, 'Pong');
    else {
      this.arrivals.push(performance.timeOrigin + performance.now());
      this.messages.push((type as { server_message: Message }).server_message);
    }
  }

  private send(id: string, type: unknown): void {
    this.socket.send(JSON.stringify({ message_id: id, message_type: type }));
  }
}

function dig(message: Message, path: readonly string[]): Message | undefined {
  let found: unknown = message;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Message)[key];
  }
  return found as Message | undefined;
}

import { JsonSplitter } from '@core/xapi/wire/json-splitter';
import type { Socket } from 'node:net';
import type { Endpoints } from '../start/endpoints.ts';
import { questionsOver, dial } from './xapi-socket.ts';

const MESSAGE_BYTES_MAX = 1 << 20;

/** A bare second login of an account at the broker: when the record of each of its positions came over a socket. */
export class TradeTap {
  /** In milliseconds since the epoch, by the broker's number of the position; the first record of it. */
  readonly cameMs = new Map<string, number>();

  private constructor(
    private readonly main: Socket,
    private readonly stream: Socket,
  ) {
    const splitter = new JsonSplitter(MESSAGE_BYTES_MAX);
    stream.on('data', (bytes) => {
      const nowMs = performance.timeOrigin + performance.now();
      for (const { data } of splitter.push(bytes).messages) {
        const position = typeof data === 'object' && data !== null && 'position' in data ? String(data.position) : '';
        if (!this.cameMs.has(position)) this.cameMs.set(position, nowMs);
      }
    });
  }

  static async open({ tcp, accounts }: Endpoints['simulator'], userId: string): Promise<TradeTap> {
    const password = accounts.find((account) => account.userId === userId)?.password;
    if (!tcp || password === undefined) throw new Error(`the simulator has no account ${userId} on a socket`);
    const tap = new TradeTap(await dial(tcp.main), await dial(tcp.stream));
    const { streamSessionId } = await questionsOver(tap.main)({ command: 'login', arguments: { userId, password } });
    tap.stream.write(JSON.stringify({ command: 'getTrades', streamSessionId }));
    return tap;
  }

  close(): void {
    this.main.destroy();
    this.stream.destroy();
  }
}

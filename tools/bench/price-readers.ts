import type { Decimal } from '@core/contracts/primitives';
import { divide } from '@core/kernel/decimal';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

/** The trade of a line, as the gateway writes it. */
const TRADE = /"f":"t".*"p":([\d.]+)/;

/** Readers of `/streaming`, and how long after it was told each of them heard of each price. */
export class PriceReaders {
  private readonly toldMs = new Map<string, number>();
  private measured: number[] = [];

  private constructor(private readonly responses: IncomingMessage[] = []) {}

  static async open(port: number, count: number): Promise<PriceReaders> {
    const readers = new PriceReaders();
    for (let n = 0; n < count; n += 1) await readers.add(port);
    return readers;
  }

  /** The bid that is told now, of whichever instruments, as the `n`th from one on. */
  expect(n: number): Decimal {
    const bid = divide(`${110_000 + n}`, '100000');
    this.toldMs.set(bid, performance.now());
    return bid;
  }

  forget(): void {
    this.measured = [];
  }

  /** Milliseconds of all trades since `forget`; throws where a reader did not hear each of `count`. */
  delays(count: number): readonly number[] {
    const wanted = count * this.responses.length;
    if (this.measured.length !== wanted) throw new Error(`${this.measured.length} of ${wanted} trades were heard`);
    return this.measured;
  }

  close(): void {
    for (const response of this.responses) response.destroy();
  }

  private async add(port: number): Promise<void> {
    const request = get({ port, host: '127.0.0.1', path: '/streaming' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`/streaming answered ${response.statusCode}`);
    response.on('error', () => undefined);
    this.responses.push(response);
    let rest = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      const nowMs = performance.now();
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const price = TRADE.exec(line)?.[1];
        const toldMs = price === undefined ? undefined : this.toldMs.get(price);
        if (toldMs !== undefined) this.measured.push(nowMs - toldMs);
      }
    });
  }
}

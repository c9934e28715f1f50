import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from './pids.ts';
import { reservePort } from './port-reservation.ts';
import { isFree, PortBook, PortTaken } from './ports.ts';

describe('PortBook', () => {
  let folder: string;
  let taken: Server;
  let takenPort: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ports-'));
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    takenPort = (taken.address() as AddressInfo).port;
  });
  afterEach(() => {
    taken.close();
    rmSync(folder, { recursive: true });
  });

  const book = (choice: 'fixed' | 'auto' | 'known'): PortBook => new PortBook(join(folder, 'ports.json'), choice);

  it('says who wanted a usual port that is taken', async () => {
    expect(await isFree(takenPort)).toBe(false);
    const claim = book('fixed').claim('tv-gateway', takenPort);
    await expect(claim).rejects.toThrow(PortTaken);
    await expect(claim).rejects.toThrow(`port ${takenPort} (tv-gateway) is taken`);
  });

  it('gives free ports, each once, and the same ones next time', async () => {
    const first = book('auto');
    const ports = [await first.claim('a', takenPort), await first.claim('b', takenPort)];
    expect(new Set([...ports, takenPort]).size).toBe(3);
    for (const choice of ['fixed', 'auto', 'known'] as const) {
      expect([await book(choice).claim('a', takenPort), await book(choice).claim('b', takenPort)]).toEqual(ports);
    }
  });

  it('leaves what another process has chosen and does not listen on yet, as long as that lives', async () => {
    const chosen = await book('auto').claim('a', 0);
    const file = join(tmpdir(), 'trading-core-ports', String(chosen));
    expect(reservePort(chosen)).toBe(true);
    const other = spawn('sleep', ['60']);
    const { pid = 0 } = other;
    writeFileSync(file, `${pid} ${startOf(pid)}`);
    expect(reservePort(chosen)).toBe(false);
    expect(await book('auto').claim('a', 0)).not.toBe(chosen);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(reservePort(chosen)).toBe(true);
  });

  it('takes another port when last time’s has gone to somebody else and any will do', async () => {
    const port = await book('auto').claim('a', 0);
    const thief = createServer().listen(port, '127.0.0.1');
    await once(thief, 'listening');
    expect(await book('auto').claim('a', 0)).not.toBe(port);
    thief.close();
  });
});

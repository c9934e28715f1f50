import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startOf } from './pids.ts';
import { reservePort } from './port-reservation.ts';
import { isFree, PortBook, PortTaken } from './ports.ts';

const ROOT = join(__dirname, '../../..');
const reservedFor = (port: number): string => join(tmpdir(), 'trading-core-reserved-ports', String(port));

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

  it('gives no port to two of its kind, though nobody listens yet', async () => {
    const other = new PortBook(join(folder, 'other.json'), 'auto');
    const port = await book('auto').claim('a', 0);
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ b: port }));
    const same = new PortBook(join(folder, 'other.json'), 'auto');
    expect(await same.claim('b', 0)).not.toBe(port);
    await expect(new PortBook(join(folder, 'third.json'), 'fixed').claim('c', port)).rejects.toThrow(PortTaken);
    expect(await other.claim('d', 0)).not.toBe(port);
    expect(await book('auto').claim('a', 0)).toBe(port);
  });

  it('gives each port to one of many processes that choose at once, also when it was another’s before', async () => {
    // Beyond those that anybody listens on.
    const ports = Array.from({ length: 300 }, (_, index) => 70_000 + index);
    for (const folder of ports.map(reservedFor)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '1'), '1 long ago');
    }
    const choosing = `const { reservePort } = require('./libs/machine/src/port-reservation.ts');
      process.stdin.on('data', () => console.log(JSON.stringify(${JSON.stringify(ports)}.filter((each) => reservePort(each, 'x')))));
      console.log('here');`;
    const choosers = Array.from({ length: 3 }, () => {
      const chooser = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', choosing], { cwd: ROOT });
      return { chooser, lines: createInterface({ input: chooser.stdout })[Symbol.asyncIterator]() };
    });
    await Promise.all(choosers.map(({ lines }) => lines.next()));
    for (const { chooser } of choosers) chooser.stdin.write('now\n');
    const chosen = await Promise.all(choosers.map(async ({ lines }) => (await lines.next()).value as string));
    expect(chosen.flatMap((each) => JSON.parse(each) as number[]).toSorted()).toEqual(ports);
    expect(reservePort(ports[0] ?? 0, 'y')).toBe(false);
    await Promise.all(choosers.map(({ chooser }) => (chooser.kill('SIGKILL'), once(chooser, 'exit'))));
    expect(reservePort(ports[0] ?? 0, 'y')).toBe(true);
    for (const folder of ports.map(reservedFor)) rmSync(folder, { recursive: true });
  });

  it('leaves what another process has chosen and does not listen on yet, as long as that lives', async () => {
    const chosen = await book('auto').claim('a', 0);
    const other = spawn('sleep', ['60']);
    const { pid = 0 } = other;
    writeFileSync(join(reservedFor(chosen), '9'), `${pid} ${startOf(pid)}\na`);
    expect(reservePort(chosen, 'a')).toBe(false);
    expect(await book('auto').claim('a', 0)).not.toBe(chosen);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(reservePort(chosen, 'a')).toBe(true);
  });

  it('takes another port when last time’s has gone to somebody else and any will do', async () => {
    const port = await book('auto').claim('a', 0);
    const thief = createServer().listen(port, '127.0.0.1');
    await once(thief, 'listening');
    expect(await book('auto').claim('a', 0)).not.toBe(port);
    thief.close();
  });
});

import { present } from '@core/kernel/present';
import { freePort } from '@core/testing/free-port';
import { until } from '@core/testing/until';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

interface Line {
  readonly msg?: string;
  readonly opsPort?: number;
  readonly reason?: string;
  readonly err?: { readonly message: string };
}

class Fixture {
  readonly lines: Line[] = [];
  readonly exit: Promise<number | null>;
  stderr = '';
  private readonly process: ChildProcess;
  private readonly waiting = new Map<string, (line: Line) => void>();

  /** `output` is where its log goes, when nobody is to read it. */
  constructor(environment: Record<string, string> = {}, output: number | 'pipe' = 'pipe') {
    this.process = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'run-service.fixture.ts')], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', output, 'pipe', 'ipc'],
    });
    const exited = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    const read = Promise.all([
      this.process.stdout && this.readLines(this.process.stdout, (text) => this.take(JSON.parse(text) as Line)),
      this.readLines(this.process.stderr, (text) => (this.stderr += `${text}\n`)),
    ]);
    this.exit = read.then(() => exited);
  }

  until(message: string): Promise<Line> {
    const seen = this.lines.find(({ msg }) => msg === message);
    return seen ? Promise.resolve(seen) : new Promise((resolve) => this.waiting.set(message, resolve));
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Whoever read its log is gone. */
  stopReading(): void {
    this.process.stdout?.destroy();
  }

  orphan(): void {
    this.process.disconnect();
  }

  private readLines(stream: Readable | null, take: (text: string) => void): Promise<unknown> {
    const input = present(stream, 'stdout and stderr are piped');
    createInterface({ input }).on('line', take);
    return new Promise((resolve) => input.once('close', () => resolve(undefined)));
  }

  private take(line: Line): void {
    this.lines.push(line);
    this.waiting.get(line.msg ?? '')?.(line);
  }
}

let fixture: Fixture;
const run = (environment?: Record<string, string>, output?: number): Fixture =>
  (fixture = new Fixture(environment, output));

describe('runService', () => {
  afterEach(async () => {
    fixture.signal('SIGKILL');
    await fixture.exit;
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s, said twice or not', async (signal) => {
    await run().until('started');
    fixture.signal(signal);
    fixture.signal(signal);
    expect(await fixture.exit).toBe(0);
    expect(fixture.lines.filter(({ msg }) => msg === 'stopping')).toHaveLength(1);
    expect(fixture.lines.at(-1)?.msg).toBe('stopped');
  });

  it('ends when the process that started it is gone', async () => {
    await run().until('started');
    fixture.orphan();
    expect(await fixture.exit).toBe(0);
  });

  it('answers on its ops port', async () => {
    const { opsPort } = await run().until('starting');
    await fixture.until('started');
    expect((await fetch(`http://127.0.0.1:${opsPort}/health/ready`)).status).toBe(200);
  });

  it.each([
    ['unhandled-rejection', 'forgotten'],
    ['failing-start', 'no such broker'],
  ])('crashes with its reason in the log: %s', async (misbehaviour, reason) => {
    expect(await run({ MISBEHAVIOUR: misbehaviour }).exit).toBe(1);
    expect(fixture.lines.at(-1)).toMatchObject({ msg: 'crashed', err: { message: reason } });
  });

  it('says that it did not stop in order when a part of it would not', async () => {
    await run({ MISBEHAVIOUR: 'failing-stop' }).until('started');
    fixture.signal('SIGTERM');
    expect(await fixture.exit).toBe(1);
    expect(fixture.lines.at(-1)).toMatchObject({ msg: 'not stopped in order', err: { message: 'cannot stop' } });
  });

  it.each(['a full disk', 'a reader that is gone'])('lives on when its log goes to %s', async (where) => {
    const opsPort = await freePort();
    const full = openSync('/dev/full', 'w');
    run({ OPS_PORT: String(opsPort) }, where === 'a full disk' ? full : undefined);
    closeSync(full);
    fixture.stopReading();
    await until(async () => (await fetch(`http://127.0.0.1:${opsPort}/health/ready`).catch(() => null))?.ok ?? false);
    fixture.signal('SIGTERM');
    expect(await fixture.exit).toBe(0);
  });

  it('does not wait for ever for a part that will not stop', async () => {
    await run({ MISBEHAVIOUR: 'hanging-stop', SHUTDOWN_TIMEOUT_MS: '100' }).until('started');
    fixture.signal('SIGTERM');
    expect(await fixture.exit).toBe(1);
    expect(fixture.lines.at(-1)?.msg).toBe('not stopped in time');
  });

  it('does not start with settings that make no sense, and does not repeat them', async () => {
    expect(await run({ OPS_PORT: 'hunter2' }).exit).toBe(78);
    expect(fixture.stderr).toBe('fixture: OPS_PORT must be a whole number from 0 to 65535\n');
  });
});

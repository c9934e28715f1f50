import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples.fixture';
import { until } from '@core/testing/until';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Sessions } from './connection/sessions.ts';
import { WsSessionHarness } from './ws-session-harness.fixture.ts';

const ROOT = resolve(__dirname, '../../..');
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** An example as a reader starts it. */
class Example {
  readonly lines: string[] = [];
  private readonly exited: Promise<unknown[]>;

  private constructor(private readonly child: ChildProcess) {
    this.exited = once(child, 'exit');
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
  }

  static start(command: readonly string[], port: number, key: string): Example {
    const [program = '', ...args] = command;
    const env = { ...process.env, WS_URL: `ws://127.0.0.1:${port}/ws`, WS_KEY: key };
    return new Example(spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  async says(text: string): Promise<void> {
    await until(() => this.lines.some((line) => line.includes(text)));
  }

  async ended(): Promise<unknown> {
    return (await this.exited)[0];
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

const aPosition = (number: number) =>
  anEvent('PositionOpened', { positionId: exampleId(0x9000 + number), brokerPosition: String(number) });

describe.each([
  ['TypeScript', [process.execPath, '--import', 'tsx', 'examples/follow-account.ts'], it],
  ['Python', ['python3', 'examples/follow_account.py'], hasPython ? it : it.skip],
])('the example in %s', (_language, command, whereItRuns) => {
  let harness: WsSessionHarness;
  let example: Example;

  beforeEach(async () => {
    harness = await WsSessionHarness.open();
    harness.keys.add('key');
  });
  afterEach(async () => {
    await example.stop();
    await harness.close();
  });

  whereItRuns('prints what stands, what happens, and what happened while it was cut off', async () => {
    await harness.happen(anEvent('AccountRegistered'), anEvent('AccountUpdated'), aPosition(1));
    example = Example.start(command, harness.port, 'key');
    await example.says(`account ${exampleAccount} has`);
    await example.says('open ');
    await harness.happen(aPosition(2));
    await example.says('position.created');
    for (const { queue } of [...harness.part(Sessions).all()]) queue.end('slow_consumer');
    await harness.happen(aPosition(3));
    await until(() => example.lines.filter((line) => line.startsWith('position.created')).length === 2);
    expect(example.lines.filter((line) => line.startsWith('disconnected'))).toHaveLength(1);
  });

  whereItRuns('says that its key is not accepted, and ends', async () => {
    example = Example.start(command, harness.port, 'another');
    expect(await example.ended()).toBe(1);
    await example.says('unauthorized: the server does not accept this key');
  });
});

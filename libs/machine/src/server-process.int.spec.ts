import { until } from '@core/testing/until';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { commandLineOf, signalPid } from './pids.ts';
import { runningPid, type ServerFiles } from './server-process.ts';

const ROOT = join(__dirname, '../../..');

describe('a server that lives with its owner', () => {
  let folder: string;
  let owner: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'server-'));
  });
  afterEach(() => {
    owner?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Of the server, and of what it keeps, which does not end with it. */
  const filesOf = (name: string): ServerFiles => ({ folder: join(folder, name), pidFile: join(folder, `${name}.pid`) });
  const [server, kept] = ['server', 'kept'] as const;
  const pidOf = (name: string): number | undefined => runningPid(filesOf(name));

  /** In a process of its own, with something to do once it runs. */
  async function owned(then = ''): Promise<{ server: number; kept: number }> {
    // A background command of sh hears no SIGQUIT, unless it says so itself as Node does.
    const living = `require("fs").writeFileSync("${filesOf(kept).pidFile}", String(process.pid)); setInterval(() => 0, 60000)`;
    const keeping = `setsid ${process.execPath} -e '${living}' ${filesOf(kept).folder} &
      echo $$ > ${filesOf(server).pidFile}; while :; do sleep 0.1; done`;
    const description = {
      ...{ name: 'server', ...filesOf(server), keeps: filesOf(kept).folder, logFile: join(folder, 'log'), runAs: {} },
      stopSignal: 'SIGTERM',
    };
    const source = `const { ServerProcess } = require('./libs/machine/src/server-process.ts');
      const { existsSync } = require('node:fs');
      const command = () => ['sh', '-c', ${JSON.stringify(keeping)}, ${JSON.stringify(filesOf(server).folder)}];
      const server = new ServerProcess({ ...${JSON.stringify(description)}, command, isReady: () => existsSync(${JSON.stringify(filesOf(kept).pidFile)}) });
      server.start('owner').then(async () => { ${then}; console.log('runs'); });
      setInterval(() => 0, 60_000);`;
    owner = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', source], {
      ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    });
    const lines = createInterface({ input: owner.stdout ?? process.stdin });
    await once(lines, 'line');
    await until(() => pidOf(kept) !== undefined);
    return { server: pidOf(server) ?? 0, kept: pidOf(kept) ?? 0 };
  }

  async function ownerIsKilled(): Promise<void> {
    owner?.kill('SIGKILL');
    if (owner) await once(owner, 'exit');
  }

  it('ends with it, also where it is frozen, and so does what it keeps', async () => {
    const pids = await owned();
    for (const pid of Object.values(pids)) signalPid(pid, 'SIGSTOP');
    rmSync(filesOf(kept).pidFile);
    await ownerIsKilled();
    await until(() => Object.values(pids).every((pid) => commandLineOf(pid) === ''));
  });

  it('ends where it was killed before, and what it kept', async () => {
    const pids = await owned();
    signalPid(pids.server, 'SIGKILL');
    await until(() => commandLineOf(pids.server) === '');
    expect(commandLineOf(pids.kept)).not.toBe('');
    await ownerIsKilled();
    await until(() => commandLineOf(pids.kept) === '');
  });

  it('leaves what it keeps to whoever stopped it', async () => {
    const pids = await owned('await server.stop()');
    await ownerIsKilled();
    expect(commandLineOf(pids.kept)).not.toBe('');
    signalPid(pids.kept, 'SIGKILL');
  });
});

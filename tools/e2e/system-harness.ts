import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { present } from '@core/kernel/present';
import { PATIENCE_MS, until } from '@core/testing/until';
import { ROOT } from '../check/command.ts';
import { endpointsIn, type Endpoints } from '../start/endpoints.ts';

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;

/** Servers that the specs around it use are not this system's. */
function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, NATS_URL: _nats, ...env } = process.env;
  return env;
}

interface OperatorOutput {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole product as a person starts it, on free ports and in a data folder of its own. */
export class SystemHarness {
  private constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
    /** What `npm start` printed. */
    readonly output: readonly string[],
  ) {}

  /** `told` is what every process is told beside what it gets from `npm start`; `more` is what a person adds to it. */
  static async start(
    folder: string = mkdtempSync(join(tmpdir(), 'trading-core-e2e-')),
    told: Readonly<Record<string, string>> = {},
    more: readonly string[] = [],
  ): Promise<SystemHarness> {
    // What `npm start` runs; npm itself would stand between a signal and its answer.
    const command = ['tools/bootstrap.mjs', 'tools/start/main.ts', '--data', folder, '--ports', 'auto', ...more];
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      env: { ...environment(), ...told },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output: string[] = [];
    const ready = new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output.slice(-40).join('\n')}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        output.push(line);
        if (line === 'READY') resolve();
      });
      setTimeout(() => reject(new Error(`not READY:\n${output.join('\n')}`)), START_TIMEOUT_MS).unref();
    });
    const system = new SystemHarness(child, folder, output);
    await ready.catch(async (error) => {
      await system.stop();
      throw error;
    });
    return system;
  }

  /** Read anew each time: ports of restarted services stay, but the file is the truth. */
  get endpoints(): Endpoints {
    return present(endpointsIn(this.folder), 'a system that is ready has written it');
  }

  /** The operator's command line against this system. */
  ops(...args: readonly string[]): OperatorOutput {
    return this.opsWith('', ...args);
  }

  /** The same with something piped in. */
  opsWith(input: string, ...args: readonly string[]): OperatorOutput {
    const command = ['tools/bootstrap.mjs', 'tools/ops/main.ts', ...args, '--data', this.folder];
    const options = { cwd: ROOT, env: environment(), encoding: 'utf8', timeout: PATIENCE_MS, input } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    return { code: status, stdout, stderr };
  }

  /** The same while the spec goes on. */
  async opsMeanwhile(...args: readonly string[]): Promise<OperatorOutput> {
    const command = ['tools/bootstrap.mjs', 'tools/ops/main.ts', ...args, '--data', this.folder];
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: code as number | null, stdout, stderr };
  }

  /** The conformance suite against this system's gateway, as a stranger runs it. */
  async conformance(...args: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string }> {
    const { tvGateway, tvData, oauth } = this.endpoints;
    const whom = ['--url', tvGateway.url, '--login', tvGateway.login, '--password', tvGateway.password];
    whom.push('--data-url', tvData.url, '--data-authorization', tvData.authorization);
    whom.push('--oauth-token-url', oauth.tokenUrl, '--oauth-client-id', oauth.clientId);
    whom.push('--oauth-client-secret', oauth.clientSecret, '--oauth-redirect-uri', oauth.redirectUri);
    const command = ['tools/bootstrap.mjs', 'tools/conformance/main.ts', ...whom, ...args];
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const said: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: said.join('\n') };
  }

  /** `kill -9`; the supervisor brings the service back, and this waits until it is ready again. */
  async crash(service: string): Promise<void> {
    const before = await this.pid(service);
    process.kill(before, 'SIGKILL');
    await until(async () => (await this.pid(service).catch(() => before)) !== before);
    await this.ready(service);
  }

  async ready(service: string): Promise<void> {
    const { health } = this.service(service);
    await until(() =>
      fetch(`${health}/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** Ctrl-C. Resolves to the exit code. */
  async interrupt(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGINT');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const [code] = await exited;
    clearTimeout(timer);
    return code;
  }

  /** Ends it and deletes its data. */
  async stop(): Promise<void> {
    await this.interrupt();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async pid(service: string): Promise<number> {
    const response = await fetch(`${this.service(service).health}/live`);
    return ((await response.json()) as { pid: number }).pid;
  }

  private service(name: string): Endpoints['services'][string] {
    const service = this.endpoints.services[name];
    if (!service) throw new Error(`no service ${name}`);
    return service;
  }
}

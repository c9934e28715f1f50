import { bundleOf } from '@core/machine/app-process';
import { isFree } from '@core/machine/ports';
import { Command } from 'commander';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildApps } from '../build/build-apps.ts';

const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 100;

interface Options {
  readonly host: string;
  readonly tcp: string;
  readonly tls: string;
  readonly ws: string;
  readonly wss: string;
  readonly control: string;
  readonly seed: string;
  readonly state?: string;
  readonly accounts?: string;
  readonly knobs?: string;
}

/** Runs the simulator by itself, says where it is, and ends with it. */
async function run(options: Options): Promise<void> {
  const taken = await takenPort(options);
  if (taken !== null) {
    console.error(`port ${taken} is taken, perhaps by another simulator: choose others (--help) or turn them "off"`);
    process.exitCode = 1;
    return;
  }
  await buildApps(['xapi-simulator']);
  const simulator = spawn(process.execPath, [bundleOf('xapi-simulator')], {
    env: { ...process.env, ...environmentOf(options) },
    // It ends when this end of the channel is gone, however that came.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  simulator.on('exit', (code) => process.exit(code ?? 1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => simulator.kill(signal));
  console.log(await greeting(`http://${options.host}:${options.control}`));
}

/** The first port that another program listens on, before anything is started that would only half come up. */
async function takenPort({ tcp, tls, ws, wss, control }: Options): Promise<number | null> {
  const pairs = [tcp, tls].flatMap((port) => [Number(port), Number(port) + 1]);
  for (const port of [...pairs, ...[ws, wss, control].map(Number)]) {
    if (port > 1 && !(await isFree(port))) return port;
  }
  return null;
}

/** Main and streaming sockets of a transport stand on neighbouring ports; "off" leaves a transport out. */
function environmentOf(options: Options): Record<string, string> {
  const on = (name: string, port: string, offset = 0): Record<string, string> =>
    port === 'off' ? {} : { [`SIMULATOR_${name}_PORT`]: String(port === '0' ? 0 : Number(port) + offset) };
  const given = (name: string, text: string | undefined): Record<string, string> =>
    text === undefined ? {} : { [`SIMULATOR_${name}`]: text };
  return {
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    HOST: options.host,
    ...on('TCP', options.tcp),
    ...on('TCP_STREAM', options.tcp, 1),
    ...on('TLS', options.tls),
    ...on('TLS_STREAM', options.tls, 1),
    ...on('WS', options.ws),
    ...on('WSS', options.wss),
    ...on('CONTROL', options.control),
    ...given('SEED', options.seed),
    ...given('STATE_FILE', options.state && resolve(options.state)),
    ...given('ACCOUNTS', options.accounts),
    ...given('KNOBS', options.knobs),
  };
}

async function greeting(control: string): Promise<string> {
  const addresses = (await ask(`${control}/control/addresses`)) as Record<string, { main: string; stream: string }>;
  const accounts = (await ask(`${control}/control/accounts`)) as {
    userId: string;
    currency: string;
    balance: string;
  }[];
  const [first] = accounts;
  return [
    'xAPI simulator, protocol 2.5.0',
    ...Object.entries(addresses).map(([name, { main, stream }]) => `  ${name.padEnd(8)} ${main}   streaming ${stream}`),
    `  control  ${control}/control/…`,
    ...accounts.map(({ userId, currency, balance }) => `  login    ${userId}   ${balance} ${currency}`),
    '',
    'Unless SIMULATOR_ACCOUNTS said otherwise, a password is demo- and the login, as in:',
    `  {"command":"login","arguments":{"userId":"${first?.userId}","password":"demo-${first?.userId}"}}`,
    'How to trade on it, move its prices and break it: apps/xapi-simulator/README.md. Ctrl-C ends it.',
  ].join('\n');
}

/** What the control API says, once it is there. */
async function ask(url: string): Promise<unknown> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await (await fetch(url)).json();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(POLL_MS);
    }
  }
}

new Command('simulator')
  .description('an xAPI broker to try clients on; every port can be "off" but the control API’s')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--tcp <port>', 'main connections over TCP, streaming on the next port', '5124')
  .option('--tls <port>', 'main connections over TLS, streaming on the next port', '5112')
  .option('--ws <port>', 'WebSockets', '5126')
  .option('--wss <port>', 'secure WebSockets', '5127')
  .option('--control <port>', 'control API', '5120')
  .option('--seed <text>', 'what chance begins with', 'trading-core')
  .option('--state <file>', 'remember accounts over restarts in this file')
  .option('--accounts <json>', 'list of { userId, password, currency?, balance?, leverage? }')
  .option('--knobs <json>', 'knobs turned from the start')
  .action((options: Options) => run(options))
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

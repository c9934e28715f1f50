import { writePrivate } from '@core/machine/files';
import type { PortChoice } from '@core/machine/ports';
import { hookUrlOf, TOKEN_HEADER } from '@core/proquant/hook';
import { Supervisor } from '@core/machine/supervisor';
import { Command, Option } from 'commander';
import { join, relative, resolve } from 'node:path';
import { operatorLink } from '../ops/console.ts';
import { buildApps } from '../build/build-apps.ts';
import { buildTool } from '../build/build-tool.ts';
import { lockFolder } from '../infra/folder-lock.ts';
import { givenServers, Infrastructure } from '../infra/infrastructure.ts';
import { isSandbox } from '../infra/sandbox-folder.ts';
import { DemoSecretsFile } from './demo-secrets.ts';
import type { Endpoints } from './endpoints.ts';
import { greeting } from './greeting.ts';
import { whenParentIsGone } from './parent.ts';
import { DEMO_REDIRECT_URI, DEMO_TRADERS, seed } from './seed.ts';
import { claimPorts, healthOf, servicesOf, simulatorOf } from './services.ts';
import { step } from './step.ts';

const say = (line: string): void => console.log(line);

async function start(folder: string, ports: PortChoice, stopped: AbortSignal): Promise<() => Promise<void>> {
  if (isSandbox(folder)) throw new Error(`${folder} is a sandbox of ops replay: choose another folder with --data`);
  const lock = lockFolder(folder);
  const supervisor = new Supervisor(join(folder, 'logs'), say);
  let infrastructure: Infrastructure | undefined;
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    await infrastructure?.down();
    lock.release();
  };
  try {
    const servers = await Infrastructure.open({ folder, ports, livesWith: 'owner', say, given: givenServers() });
    infrastructure = servers;
    const claimed = await claimPorts(servers.ports);
    await step('Postgres and NATS', async () => {
      await servers.up();
      await servers.prepare();
    });
    servers.keepUp(say);
    const { databaseUrl, databaseUrlOf, natsUrl, natsUrlOf } = servers;

    await step('Build', () => Promise.all([buildApps(), buildTool('tools/ops/main.ts')]));
    stopped.throwIfAborted();

    const file = new DemoSecretsFile(folder);
    const known = file.read(Object.keys(DEMO_TRADERS), Object.values(DEMO_TRADERS).flat());
    const services = servicesOf(claimed, { databaseUrlOf, natsUrlOf, folder, secrets: known });
    const simulator = simulatorOf(claimed, known);

    await step('Ledger and simulator', () => supervisor.start(services['xapi-simulator'], services.ledger));
    stopped.throwIfAborted();
    const broker = simulator.tcp ?? { main: '', stream: '' };
    const secrets = await step('Traders, accounts and keys', () => seed({ databaseUrl, natsUrl, broker }, file, known));

    const edges = [services['tv-gateway'], services['proquant-webhook'], services['ws-session'], services.console];
    const connectors = [services['xapi-connector'], services['paper-connector'], services['market-data']];
    await step('Connectors and edges', () => supervisor.start(...connectors, ...edges));
    stopped.throwIfAborted();

    const endpoints: Endpoints = {
      console: { url: `http://127.0.0.1:${claimed.console}` },
      tvGateway: {
        url: `http://127.0.0.1:${claimed['tv-gateway']}`,
        login: 'ada',
        password: secrets.traderPasswords['ada'] ?? '',
      },
      oauth: {
        authorizationUrl: `http://127.0.0.1:${claimed['tv-gateway']}/oauth/authorize`,
        tokenUrl: `http://127.0.0.1:${claimed['tv-gateway']}/oauth/token`,
        clientId: secrets.oauthClient.id,
        clientSecret: secrets.oauthClient.secret,
        redirectUri: DEMO_REDIRECT_URI,
      },
      tvData: {
        url: `http://127.0.0.1:${claimed['tv-gateway']}`,
        authorization: `Bearer ${secrets.dataToken}`,
      },
      wsSession: { url: `ws://127.0.0.1:${claimed['ws-session']}/ws`, secretKey: secrets.wsSecretKey },
      proquant: {
        url: hookUrlOf(`http://127.0.0.1:${claimed['proquant-webhook']}`, secrets.proquant.integrationId),
        header: TOKEN_HEADER,
        token: secrets.proquant.token,
      },
      simulator,
      postgres: databaseUrl,
      nats: natsUrl,
      services: healthOf(claimed),
    };
    writePrivate(join(folder, 'endpoints.json'), `${JSON.stringify(endpoints, null, 2)}\n`);
    const link = await operatorLink(endpoints.console.url, secrets.consoleLinkKey);
    say(greeting(endpoints, shown(folder), link));
    say('READY');
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As a person would type it. */
const shown = (folder: string): string => {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') ? folder : path;
};

async function main(folder: string, ports: PortChoice): Promise<void> {
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  whenParentIsGone(() => interruption.abort());
  const stop = await start(folder, ports, interruption.signal);
  // What waits here is the person at the terminal; signals alone do not keep a process alive.
  const alive = setInterval(() => undefined, 60_000);
  await interrupted;
  clearInterval(alive);
  say('Stopping');
  await stop();
  say('Stopped; npm start goes on with the same log');
}

const portChoice = new Option('--ports <choice>', 'the usual ports or free ones').choices(['fixed', 'auto']);
new Command('start')
  .description('the whole trading core and the xAPI simulator on this machine')
  .option('--data <folder>', 'data folder', '.data')
  .addOption(portChoice.default('fixed'))
  .action(({ data, ports }: { data: string; ports: PortChoice }) => main(resolve(data), ports))
  .parseAsync()
  .then(
    () => process.exit(0),
    (error: Error) => {
      if (error.name === 'AbortError') process.exit(0);
      console.error(error.message);
      process.exit(1);
    },
  );

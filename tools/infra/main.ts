import type { PortChoice } from '@core/machine/ports';
import { Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { givenServers, Infrastructure } from './infrastructure.ts';

const open = (folder: string, ports: PortChoice, given = givenServers()): Promise<Infrastructure> =>
  Infrastructure.open({ folder, ports, livesWith: 'itself', say: console.error, given });

async function up(folder: string, ports: PortChoice): Promise<void> {
  const lock = lockFolder(folder);
  try {
    const infrastructure = await open(folder, ports);
    await infrastructure.up();
    console.log(`DATABASE_URL=${infrastructure.databaseUrl}\nNATS_URL=${infrastructure.natsUrl}`);
  } finally {
    lock.release();
  }
}

async function down(folder: string): Promise<void> {
  if (!existsSync(folder)) return console.log(`there is no ${folder}`);
  const lock = lockFolder(folder);
  try {
    // What the environment names today is not what was started then.
    await (await open(folder, 'known', {})).down();
    console.log(`nothing of ours runs in ${folder} any more`);
  } finally {
    lock.release();
  }
}

async function status(folder: string): Promise<void> {
  if (!existsSync(folder)) return console.log(`there is no ${folder}`);
  const { postgres, nats } = await open(folder, 'known');
  const line = (server: { readonly pid: number | undefined; readonly url: string } | null): string => {
    if (server === null) return 'not ours';
    return server.pid === undefined ? 'down' : `up, process ${server.pid}, ${new URL(server.url).host}`;
  };
  console.log(`Postgres  ${line(postgres)}\nNATS      ${line(nats)}`);
}

const program = new Command('infra').description('Postgres and NATS JetStream of a data folder, without Docker');
const command = (name: string, about: string): Command =>
  program.command(name).description(about).option('--data <folder>', 'data folder', '.data');
const portChoice = new Option('--ports <choice>', 'the usual ports or free ones').choices(['fixed', 'auto']);

command('up', 'start what is not running; it stays when this command ends')
  .addOption(portChoice.default('fixed'))
  .action(({ data, ports }: { data: string; ports: PortChoice }) => up(resolve(data), ports));
command('down', 'stop both, also what a crashed run left behind').action(({ data }: { data: string }) =>
  down(resolve(data)),
);
command('status', 'say what runs and where').action(({ data }: { data: string }) => status(resolve(data)));

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

import { endWithReader } from '@core/service/end-with-reader';
import { connect, WsClientError } from '@trading-core/ws-client';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { firstCellFolder, endpointsIn, type Endpoints } from '../start/endpoints.ts';
import { printRaw } from './raw.ts';
import { wordsOf } from './words.ts';

/** What stands first, then what happens, through every interruption, until Ctrl-C. */
async function follow({ url, secretKey }: Endpoints['wsSession']): Promise<void> {
  const client = connect({ url, secretKey, name: 'watch' });
  process.once('SIGINT', () => client.close());
  try {
    for await (const event of client) for (const line of wordsOf(event)) console.log(line);
  } catch (error) {
    if (!(error instanceof WsClientError)) throw error;
    throw new Error(`${error.message}; npm start makes a key for the demo, and ${url} does not take it`);
  }
}

endWithReader();
new Command('watch')
  .description('follow the accounts of a running system on its WebSocket')
  .option('--data <folder>', 'data folder', '.data')
  .option('--cell <name>', 'of several, the one that is meant; the first without')
  .option('--json', 'the messages as they stand on the wire')
  .action(async ({ data, cell, json }: { readonly data: string; readonly cell?: string; readonly json?: true }) => {
    const folder = firstCellFolder(resolve(data), cell);
    const endpoints = endpointsIn(folder);
    if (endpoints === null) throw new Error(`no system in ${folder}: npm start, or name its folder with --data`);
    if (json) printRaw(endpoints.wsSession);
    else await follow(endpoints.wsSession);
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });

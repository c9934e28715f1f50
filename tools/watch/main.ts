import { endWithReader } from '@core/service/end-with-reader';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { WebSocket } from 'ws';
import { endpointsIn } from '../start/endpoints.ts';

type Message = { message_id: string; message_type: 'Ping' | { server_message: Record<string, unknown> } };

/** Prints what the WebSocket sends to the demo's key, one line a message, until it is interrupted. */
function watch(folder: string): void {
  const endpoints = endpointsIn(folder);
  if (endpoints === null) throw new Error(`no system in ${folder}: start one, or name its folder with --data`);
  const { wsSession } = endpoints;
  const socket = new WebSocket(wsSession.url);
  const send = (id: string, type: unknown): void => socket.send(JSON.stringify({ message_id: id, message_type: type }));
  socket.on('open', () => send('watch', { client_message: { auth_request: { secret_key: wsSession.secretKey } } }));
  socket.on('message', (data) => {
    const { message_id: id, message_type: type } = JSON.parse(String(data)) as Message;
    if (type === 'Ping') send(id, 'Pong');
    else console.log(JSON.stringify(type.server_message));
  });
  socket.on('error', ({ message }) => {
    console.error(message);
    process.exitCode = 1;
  });
  socket.on('close', (code, reason) => console.error(`closed: ${code} ${reason}`));
}

endWithReader();
new Command('watch')
  .description('follow the accounts of a running system on its WebSocket')
  .option('--data <folder>', 'data folder', '.data')
  .action(({ data }: { data: string }) => watch(resolve(data)))
  .parse();

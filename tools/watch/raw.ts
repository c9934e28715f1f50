import type { Endpoints } from '../start/endpoints.ts';
import { WebSocket } from 'ws';

type Message = { message_id: string; message_type: 'Ping' | { server_message: Record<string, unknown> } };

/** Prints each message as it stands on the wire, a line each, until the server or the reader has had enough. */
export function printRaw({ url, secretKey }: Endpoints['wsSession']): void {
  const socket = new WebSocket(url);
  const send = (id: string, type: unknown): void => socket.send(JSON.stringify({ message_id: id, message_type: type }));
  socket.on('open', () => send('watch', { client_message: { auth_request: { secret_key: secretKey } } }));
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

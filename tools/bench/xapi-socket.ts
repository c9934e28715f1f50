import { JsonSplitter, type JsonObject } from '@core/xapi/wire/json-splitter';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to an address as `host:port`. */
export async function dial(address: string): Promise<Socket> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** One question after the other. */
export function questionsOver(socket: Socket): (command: object) => Promise<JsonObject> {
  const splitter = new JsonSplitter(1 << 20);
  let answered: (reply: JsonObject) => void = () => undefined;
  socket.on('data', (bytes) => splitter.push(bytes).messages.forEach((reply) => answered(reply)));
  return (command) =>
    new Promise((resolve) => {
      answered = resolve;
      socket.write(JSON.stringify(command));
    });
}

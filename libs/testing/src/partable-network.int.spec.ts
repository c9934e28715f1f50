import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { PartableNetwork } from './partable-network.ts';
import { until } from './until.ts';

/** Answers whatever it hears with the same. */
async function echo(): Promise<{ readonly port: number; readonly close: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined).pipe(socket)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function dialled(port: number): { readonly socket: Socket; readonly heard: () => string } {
  const said: string[] = [];
  const socket = connect(port, '127.0.0.1').on('data', (bytes) => said.push(String(bytes)));
  return { socket, heard: () => said.join('') };
}

describe('a network that can be parted', () => {
  it('is silent around one member, leads everybody else on, and gives what was said as soon as it heals', async () => {
    const network = new PartableNetwork();
    const server = await echo();
    const to = dialled(await network.between('a', 'b', server.port));
    const from = dialled(await network.between('c', 'a', server.port));
    const other = dialled(await network.between('b', 'c', server.port));
    const all = [to, from, other];
    for (const { socket } of all) socket.write('1');
    await until(() => all.every(({ heard }) => heard() === '1'));

    network.part('a');
    for (const { socket } of all) socket.write('2');
    await until(() => other.heard() === '12');
    expect([to.heard(), from.heard()]).toEqual(['1', '1']);
    expect([to.socket.destroyed, from.socket.destroyed]).toEqual([false, false]);

    network.heal();
    await until(() => all.every(({ heard }) => heard() === '12'));
    for (const { socket } of all) socket.destroy();
    await network.close();
    server.close();
  });
});

import { succeeds } from '@core/kernel/succeeds';
import { natsNameOf } from '@core/machine/nats-cluster';
import type { NatsServer } from '@core/machine/nats-server';
import { present } from '@core/kernel/present';
import { throwawayNatsCluster } from '@core/testing/throwaway-nats-cluster';
import { until } from '@core/testing/until';
import { AckPolicy, DeliverPolicy, StorageType, type JetStreamManager, type NatsConnection } from 'nats';
import { connectNats } from './nats-connection.ts';
import { raiseReplicas } from './stream-replicas.ts';

describe('a cluster of NATS servers', () => {
  let cluster: Awaited<ReturnType<typeof throwawayNatsCluster>>;
  let connection: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    cluster = await throwawayNatsCluster();
    connection = await connectNats({ url: cluster.url, name: 'spec' });
    manager = await connection.jetstreamManager();
  });
  afterAll(async () => {
    await connection.close();
    await cluster.remove();
  });

  const answers = (): Promise<boolean> => succeeds(connection.rtt());
  const dialledBy = (client: NatsConnection): NatsServer =>
    present(
      cluster.servers.find(({ url }) => url.endsWith(client.getServer())),
      'it is connected to one of them',
    );
  const dialled = (): NatsServer => dialledBy(connection);
  const isWhole = async (stream: string): Promise<boolean> => {
    const info = await manager.streams.info(stream).catch(() => null);
    const replicas = info?.cluster?.replicas ?? [];
    return replicas.length === 2 && replicas.every(({ current }) => current);
  };
  /** All that a stream holds; whoever leads the servers may have to be elected first. */
  async function everything(stream: string): Promise<string[]> {
    const heard: string[] = [];
    const wanted = { ack_policy: AckPolicy.None, deliver_policy: DeliverPolicy.All, mem_storage: true };
    const reader = async (): Promise<string | undefined> => {
      const made = await manager.consumers.add(stream, wanted).catch(() => null);
      return made?.name;
    };
    let name: string | undefined;
    await until(async () => (name = await reader()) !== undefined);
    const consumer = await connection.jetstream().consumers.get(stream, name);
    for await (const message of await consumer.fetch({ max_messages: 50 })) heard.push(message.string());
    return heard;
  }

  it('keeps a stream that was raised, with what it held and as the same stream, when its leader dies', async () => {
    const made = await manager.streams.add({ name: 'RAISED', subjects: ['raised.*'], storage: StorageType.File });
    expect(made.config.num_replicas).toBe(1);
    const jetStream = connection.jetstream();
    for (let each = 0; each < 50; each += 1) await jetStream.publish('raised.x', String(each));

    let raised = made;
    const raise = async () => (raised = await raiseReplicas(manager, await manager.streams.info('RAISED'), 3));
    await until(async () => (await raise()).config.num_replicas === 3);
    expect(raised.created).toBe(made.created);
    expect((await raiseReplicas(manager, raised, 1)).config.num_replicas).toBe(3);
    await until(() => isWhole('RAISED'));

    const leader = (await manager.streams.info('RAISED')).cluster?.leader ?? '';
    await present(cluster.named(leader), 'the leader is one of them').kill();
    await until(async () => (await manager.streams.info('RAISED').catch(() => null))?.state.messages === 50);
    const info = await manager.streams.info('RAISED');
    expect(info.created).toBe(made.created);
    expect(info.cluster?.leader).not.toBe(leader);
    expect(await everything('RAISED')).toEqual(Array.from({ length: 50 }, (_, each) => String(each)));

    await cluster.start('owner');
    await until(() => isWhole('RAISED'));
  });

  it('has servers that answer for themselves, though whoever they are led by is frozen', async () => {
    const frozen = cluster.servers.slice(1).map((server) => present(server.pid, 'it runs'));
    const [left] = cluster.servers;
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    await until(async () => !(await succeeds(present(left, 'one is left').reachesJetStream())));
    expect(await succeeds(present(left, 'one is left').answers())).toBe(true);
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    await until(() => succeeds(manager.getAccountInfo()));
  });

  it('does without replicas that cannot be had, and has the stream as it was', async () => {
    // Who was frozen a moment ago may lead: nothing is made before somebody else does.
    await until(() => succeeds(manager.streams.add({ name: 'SMALL', subjects: ['small.*'] })));
    const small = await manager.streams.info('SMALL');
    expect(await raiseReplicas(manager, small, 5)).toBe(small);
  });

  it('is dialled at another server when the one that was dialled dies', async () => {
    const first = dialled();
    await first.kill();
    await until(answers);
    expect(dialled()).not.toBe(first);
    await first.start('owner');
  });

  it('is dialled at another server when the one that was dialled goes on and hears none of the others', async () => {
    const fresh = await connectNats({ url: cluster.url, name: 'fresh' });
    const all = [connection, fresh];
    const knowsAll = (): boolean => all.every(({ info }) => info?.connect_urls?.length === 3);
    await until(knowsAll);
    for (const each of all) {
      const lonely = dialledBy(each);
      cluster.network.part(natsNameOf(cluster.servers.indexOf(lonely)));
      await until(() => each.getServer() !== new URL(lonely.url).host);
      await until(() => succeeds(each.rtt()));
      expect(await succeeds(lonely.answers())).toBe(true);
      cluster.network.heal();
      await until(knowsAll);
    }
    await fresh.close();
  });

  it('is dialled at another server when the one that was dialled says nothing any more', async () => {
    const first = dialled();
    const pid = present(first.pid, 'it runs');
    process.kill(pid, 'SIGSTOP');
    await until(() => connection.getServer() !== new URL(first.url).host);
    await until(answers);
    process.kill(pid, 'SIGCONT');
  });
});

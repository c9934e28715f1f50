import { IntakeSender } from '@core/bus/intake-sender';
import { connectNats } from '@core/bus/nats-connection';
import { anEvent } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { subjects } from '@core/contracts/subjects';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { present } from '@core/kernel/present';
import { canMount, SmallDisk } from '@core/machine/small-disk';
import { Supervisor } from '@core/machine/supervisor';
import { serviceStanding } from '@core/operations/service-standing';
import { newId } from '@core/service/clock';
import { withClient } from '@core/testing/fresh-database';
import { freePort } from '@core/testing/free-port';
import { ThrowawayNats } from '@core/testing/throwaway-nats';
import { until } from '@core/testing/until';
import { join } from 'node:path';
import { Infrastructure } from './infrastructure.ts';

const describeOnSmallDisk: jest.Describe = canMount() ? describe : describe.skip;

describeOnSmallDisk('a real disk of 600 MB, where one may be mounted', () => {
  it.each([
    ['heard of by Postgres alone, with NATS elsewhere', false],
    ['watched', true],
  ])('that is full stops intake, says so, and goes on by itself with nothing lost: %s', async (_, isWatched) => {
    const disk = present(SmallDisk.make(600), 'it was possible a moment ago');
    const folder = join(disk.folder, 'data');
    const elsewhere = isWatched ? null : await ThrowawayNats.start();
    const given = elsewhere === null ? {} : { natsUrl: elsewhere.url };
    const servers = await Infrastructure.open({
      ...{ folder, ports: 'auto', livesWith: 'owner', say: () => undefined, given },
    });
    const supervisor = new Supervisor(join(folder, 'logs'), () => undefined);
    const ending: (() => Promise<unknown>)[] = [];
    try {
      await servers.up();
      await servers.prepare();
      servers.keepUp(() => undefined);
      const account = newId();
      await withClient(servers.databaseUrl, (client) =>
        client.query('insert into core.account values ($1)', [account]),
      );
      const opsPort = await freePort();
      await supervisor.start({
        ...{ name: 'ledger', opsPort },
        env: {
          ...{ DATABASE_URL: servers.databaseUrlOf('ledger'), NATS_URL: servers.natsUrlOf('ledger') },
          ...{ INTAKE_MAX_BYTES: '67108864', ...(isWatched && { ROOM_FOLDER: folder }) },
        },
      });
      const nats = await connectNats({ url: servers.natsUrl, name: 'spec' });
      const log = new PostgresEventLog({ url: servers.databaseUrl });
      ending.push(
        () => nats.close(),
        () => log.close(),
      );
      const holding = (ids: readonly string[]) => log.holding(ids);
      const sender = new IntakeSender(nats, { resendMs: 200, saturatedAt: 1e6, newId, holding });
      ending.push(async () => sender.close());
      nats.subscribe(subjects.feed, {
        callback: (_error, message) => sender.confirm(message.json<FeedBatch>()),
      });
      const standing = () =>
        serviceStanding({ name: 'ledger', url: `http://127.0.0.1:${opsPort}` }, 5_000).then(
          ({ status, reasons }) => `${status} ${reasons.join()}`,
        );
      let sent = 0;
      const tell = (count: number): void => {
        sender.send(
          account,
          Array.from({ length: count }, () => anEvent('EquityMarked', {}, { id: newId(), subject: account })),
        );
        sent += count;
      };

      tell(500);
      await sender.idle();
      disk.fill();
      await until(async () => {
        if (sender.pending < 20_000) tell(1_000);
        return (await standing()).includes('full');
      });
      const head = await log.head().catch(() => null);
      tell(1_000);
      expect(sender.pending).toBeGreaterThan(0);

      disk.clear();
      await sender.idle();
      expect(await log.head()).toBe(sent);
      expect(head === null || head < sent).toBe(true);
      expect(await standing()).toMatch(/^ready/);
      expect(await log.verify()).toMatchObject({ ok: true, events: sent });
    } finally {
      disk.clear();
      for (const end of ending) await end();
      await supervisor.stop();
      await servers.down();
      await elsewhere?.stop();
      disk.remove();
    }
  });
});

import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { toMs } from '@core/kernel/instant';
import { until } from '@core/testing/until';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerControlClient } from '../e2e/broker-control-client.ts';
import { OrderLoad } from '../e2e/order-load.ts';
import { SystemHarness } from '../e2e/system-harness.ts';
import { latency, percentile, type Row } from './row.ts';

/** What is promised of the switch. */
const PROMISED_MS = 250;
const LOGINS = ['10001', '10002'];
/** Orders that each edge takes before each halt, and refuses after it. */
const EACH = 3;

/**
 * The kill switch while orders come by three edges for accounts of two connectors: from the moment at which an operator
 * asks for it until the ledger has answered, and until the last order left for a broker.
 */
export async function killSwitch(rounds: number): Promise<Row[]> {
  const system = await SystemHarness.start(mkdtempSync(join(tmpdir(), 'trading-core-bench-')));
  const log = new PostgresEventLog({ url: system.endpoints.postgres });
  try {
    const broker = new BrokerControlClient(system.endpoints.simulator.control);
    const [answered, effective]: [number[], number[]] = [[], []];
    const load = await OrderLoad.on(system);
    const more = (count: 'taken' | 'refused'): Promise<void> => {
      const before = load.edges.map((edge) => edge[count]);
      return until(() => load.edges.every((edge, index) => edge[count] >= (before[index] ?? 0) + EACH));
    };
    for (let round = 0; round < rounds; round += 1) {
      await more('taken');
      const from = await log.head();
      const askedMs = Date.now();
      await load.decide({ type: 'HaltTrading', data: { operator: 'bench', note: 'measured' } });
      answered.push(Date.now() - askedMs);
      await more('refused');
      const left = [...(await dispatchedMs(log, from)), ...(await arrivedMs(broker))];
      effective.push(Math.max(0, ...left.map((ms) => ms - askedMs)));
      await load.decide({ type: 'ResumeTrading', data: { operator: 'bench', note: 'measured' } });
    }
    await load.stop();
    return [
      latency({
        ...{ id: 'kill.effective', what: `a halt until the last order left for a broker, worst of ${rounds}` },
        ...{ value: Math.max(1, ...effective), unit: 'ms', limit: PROMISED_MS, floor: 1 },
      }),
      latency({
        ...{ id: 'kill.answered', what: 'a halt until it is recorded, p50' },
        ...{ value: percentile(answered, 50), unit: 'ms', limit: null, floor: null },
      }),
    ];
  } finally {
    await log.close();
    await system.stop();
  }
}

/** When claims were granted, at any connector. */
async function dispatchedMs(log: PostgresEventLog, from: number): Promise<number[]> {
  const times: number[] = [];
  for await (const page of log.read(from))
    for (const { type, recordedtime } of page) if (type === 'RequestDispatched') times.push(toMs(recordedtime));
  return times;
}

/** When requests reached the broker whose time is ours. */
const arrivedMs = async (broker: BrokerControlClient): Promise<number[]> =>
  (await Promise.all(LOGINS.map((login) => broker.journal(login)))).flat().map(({ time }) => time);

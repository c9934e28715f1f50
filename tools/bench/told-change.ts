import { anEvent } from '@core/contracts/examples.fixture';
import { present } from '@core/kernel/present';
import { newId } from '@core/service/clock';
import { progressOf } from '../ops/progress.ts';
import type { PollHarness } from './poll-harness.ts';
import { RawPipeline } from './raw-pipeline.ts';
import { latency, percentile, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const CHANGES = 300;

/** From when a fact is sent to the ledger until the state is another one, beside one event through the bare pipeline. */
export async function toldChange(harness: PollHarness, servers: Servers): Promise<Row> {
  const { id: subject, token } = present(harness.accounts[0], 'there are accounts');
  const url = `http://127.0.0.1:${harness.port}/accounts/${subject}/state?locale=en`;
  const headers = { authorization: `Bearer ${token}` };
  let tag = (await fetch(url, { headers })).headers.get('etag') ?? '';
  const measured: number[] = [];
  const progress = progressOf('changes told');
  for (let n = 0; n < CHANGES; n += 1) {
    const envelope = { id: newId(), subject, correlationid: newId() };
    const start = performance.now();
    await harness.state(anEvent('BalanceChanged', { balance: `${20_000 + n}` }, envelope));
    for (;;) {
      const answer = await fetch(url, { headers: { ...headers, 'if-none-match': tag } });
      await answer.arrayBuffer();
      if (answer.status === 304) continue;
      tag = answer.headers.get('etag') ?? '';
      break;
    }
    measured.push(performance.now() - start);
    progress.at(n + 1, CHANGES);
  }
  progress.end();
  return latency({
    id: 'tv.poll.change.p99',
    what: 'from a fact to the first answer that has it (polled), p99',
    ...{ value: percentile(measured, 99), unit: 'ms', floor: null },
    limit: percentile(await RawPipeline.latencies(servers, CHANGES), 99),
  });
}

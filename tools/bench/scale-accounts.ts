import { DrainedLedger, messages } from './drained-ledger.ts';
import { latency, middlePair, throughput, type MeasuredPair, type Row } from './row.ts';
import type { Servers } from './servers.ts';

const FEW = 100;
const MORE = [1_000, 10_000];
const RUNS = 3;
const BYTES_A_KB = 1_024;

/** A ledger of ever more accounts: what it holds of each, and what it appends when all of them have something to tell. */
export async function scaleAccounts(servers: Servers, events: number): Promise<Row[]> {
  const ledger = await DrainedLedger.open(servers);
  const fewBytes = await ledger.grow(FEW);
  const manyBytes = await ledger.grow(FEW + Math.max(...MORE));
  const drain = (accounts: number) => ledger.drain([...messages(ledger.accounts.slice(0, accounts), events)]);
  const rows = [
    latency({
      ...{ id: 'scale.accounts.memory', what: 'what an account that was just registered adds to the ledger' },
      ...{
        value: (manyBytes - fewBytes) / (Math.max(...MORE) - FEW) / BYTES_A_KB,
        unit: 'kB',
        limit: null,
        floor: null,
      },
    }),
  ];
  for (const accounts of MORE) {
    const pairs: MeasuredPair[] = [];
    for (let run = 0; run < RUNS; run += 1) pairs.push({ limit: await drain(FEW), value: await drain(accounts) });
    const what = `a backlog of ${accounts.toLocaleString('en-US')} accounts, beside one of ${FEW}`;
    rows.push(
      throughput({
        id: `scale.accounts.${accounts}.append`,
        what,
        ...middlePair(pairs),
        unit: 'events/s',
        floor: null,
      }),
    );
  }
  return rows;
}

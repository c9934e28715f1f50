import { DrainedLedger, messages } from './drained-ledger.ts';
import { middlePair, throughput, type MeasuredPair, type Row } from './row.ts';
import { onOwnServers } from './servers.ts';

const ACCOUNTS = 200;
const RUNS = 3;

/** The ledgers of two cells on this machine, each with servers of its own, beside one of them alone. */
export const scaleCells = (events: number): Promise<Row[]> =>
  onOwnServers((one) =>
    onOwnServers(async (other) => {
      const cells = [await DrainedLedger.open(one), await DrainedLedger.open(other)];
      for (const cell of cells) await cell.grow(ACCOUNTS);
      const drain = (cell: DrainedLedger): Promise<number> => cell.drain([...messages(cell.accounts, events)]);
      const pairs: MeasuredPair[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const [limit = 0] = await Promise.all(cells.slice(0, 1).map(drain));
        const rates = await Promise.all(cells.map(drain));
        pairs.push({ value: rates.reduce((sum, rate) => sum + rate, 0), limit });
      }
      const what = 'backlogs of two cells at once, beside one cell alone on this machine';
      return [throughput({ id: 'scale.cells.2', what, ...middlePair(pairs), unit: 'events/s', floor: null })];
    }),
  );

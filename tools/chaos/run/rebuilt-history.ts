import type { EventLog } from '@core/event-log/event-log';
import { compareRows } from '@core/operations/row-comparison';
import type { Build } from '@core/projection-runner/releases';
import { historyTables } from '@core/views/tradingview/history-tables';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Pool } from 'pg';
import { ROOT } from '../../check/command.ts';
import type { RebuiltTable } from '../checker/run-record.ts';

const OWNER = 'tv-gateway';
const FILLED_WITHIN_MS = 300_000;
const BUILDS = 'select version, build from tv_gateway.table_checkpoint where name = $1 order by build';

/** Has the gateway fill its tables once more from the log, beside what it filled while faults came. */
export async function rebuildHistory(folder: string): Promise<void> {
  const asked = ['projections', 'build', OWNER, historyTables.name, '--note', 'to compare', '--yes', '--data', folder];
  const command = ['tools/bootstrap.mjs', 'tools/ops/main.ts', ...asked];
  await promisify(execFile)(process.execPath, command, { cwd: ROOT, timeout: FILLED_WITHIN_MS });
}

/** Row by row, what was filled at first and what was filled at rest. */
export async function lookAtHistory(log: EventLog, pool: Pool): Promise<RebuiltTable> {
  const { rows } = await pool.query<Build>(BUILDS, [historyTables.name]);
  const [first, anew] = rows;
  if (!first || !anew) throw new Error('the history was not filled twice');
  const compared = await compareRows({ log, pool }, { owner: OWNER, tables: historyTables }, [first, anew], null);
  const differing = compared.shown.map(({ account, fields }) => ({
    account,
    what: fields[0]?.path.join('.') ?? 'a row',
  }));
  return { owner: OWNER, name: historyTables.name, position: compared.position, differing };
}

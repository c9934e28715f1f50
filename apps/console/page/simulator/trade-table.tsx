import type { SimulatorAnswer } from '../../src/simulator.controller.ts';
import { DataTable } from '../parts/data-table.tsx';
import { moment } from '../words.ts';

const COMMANDS = ['buy', 'sell', 'buy limit', 'sell limit', 'buy stop', 'sell stop', 'balance', 'credit'];
const TYPES = ['open', 'pending', 'close', 'modify', 'delete'];
const STATUSES: Readonly<Record<number, string>> = { 0: 'error', 1: 'pending', 3: 'accepted', 4: 'rejected' };

/** Trades as they reached the broker, the newest first. */
export const TradeTable = ({ trades }: Pick<SimulatorAnswer, 'trades'>) => (
  <DataTable
    label="Journal"
    rows={trades}
    keyOf={({ sequence }) => String(sequence)}
    none="No trade has reached the broker."
    columns={[
      { name: 'no.', isNumber: true, cell: ({ sequence }) => sequence },
      { name: 'when', cell: ({ time }) => moment(new Date(time).toISOString()).slice(11) },
      { name: 'user', cell: ({ userId }) => userId },
      {
        name: 'asked',
        cell: ({ request }) =>
          request &&
          `${TYPES[request.type] ?? request.type} ${COMMANDS[request.cmd] ?? request.cmd} ${request.volume} ${request.symbol}`,
      },
      { name: 'order', isNumber: true, cell: ({ order }) => order },
      {
        name: 'became',
        cell: ({ error, executed, requestStatus, message }) =>
          [
            error === null ? null : `refused: ${error}`,
            executed ? null : 'not executed',
            requestStatus === null ? null : (STATUSES[requestStatus] ?? requestStatus),
            message,
          ]
            .filter(Boolean)
            .join(', ') || null,
      },
      { name: 'positions', cell: ({ positions }) => positions.join(', ') || null },
      { name: 'tag', cell: ({ customTag }) => customTag && <code>{customTag}</code> },
    ]}
  />
);

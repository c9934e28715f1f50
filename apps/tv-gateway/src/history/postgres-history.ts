import type { AccountId, Instrument } from '@core/contracts/primitives';
import type { Repository } from 'typeorm';
import type { ExecutionHistory, OrderHistory } from './entities.ts';
import { History } from './history.ts';

export class PostgresHistory extends History {
  constructor(
    private readonly orderHistory: Repository<OrderHistory>,
    private readonly executionHistory: Repository<ExecutionHistory>,
  ) {
    super();
  }

  async orders(accountId: AccountId, rowsMax: number): Promise<readonly string[]> {
    const rows = await this.orderHistory.find({
      select: { accountId: true, orderId: true, json: true },
      where: { accountId },
      order: { position: 'desc', orderId: 'asc' },
      take: rowsMax,
    });
    return rows.map(({ json }) => json);
  }

  async executions(accountId: AccountId, instrument: Instrument, rowsMax: number): Promise<readonly string[]> {
    const rows = await this.executionHistory.find({
      select: { accountId: true, executionId: true, json: true },
      where: { accountId, instrument },
      order: { position: 'desc', executionId: 'asc' },
      take: rowsMax,
    });
    return rows.map(({ json }) => json);
  }
}

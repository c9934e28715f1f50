import type { AccountId, Instrument } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ExecutionHistory, OrderHistory } from './entities.ts';
import { HistoryWriter } from './history-writer.ts';
import { History, type EndedOrder } from './history.ts';

/** Each answer is one reading, so that it is of one build. */
@Injectable()
export class PostgresHistory extends History {
  constructor(
    @InjectRepository(OrderHistory) private readonly orderHistory: Repository<OrderHistory>,
    @InjectRepository(ExecutionHistory) private readonly executionHistory: Repository<ExecutionHistory>,
    private readonly writer: HistoryWriter,
  ) {
    super();
  }

  async orders(accountId: AccountId, rowsMax: number): Promise<readonly EndedOrder[]> {
    const rows = await this.orderHistory.find({
      select: { accountId: true, orderId: true, json: true, note: true },
      where: { ...this.writer.served, accountId },
      order: { position: 'desc', orderId: 'asc' },
      take: rowsMax,
    });
    return rows;
  }

  async executions(accountId: AccountId, instrument: Instrument, rowsMax: number): Promise<readonly string[]> {
    const rows = await this.executionHistory.find({
      select: { accountId: true, executionId: true, json: true },
      where: { ...this.writer.served, accountId, instrument },
      order: { position: 'desc', executionId: 'asc' },
      take: rowsMax,
    });
    return rows.map(({ json }) => json);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerControlClient } from '../../e2e/broker-control-client.ts';

const PACE_MS = 500;
const HELD_MAX = 5;

/** A human at the broker, who opens and closes positions that nobody of ours asked for. */
export class BrokerTrades {
  private readonly held: number[] = [];
  private isOver = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly broker: BrokerControlClient,
    private readonly login: string,
  ) {
    this.running = this.trade();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async trade(): Promise<void> {
    for (let turn = 0; !this.isOver; turn += 1) {
      const side = turn % 2 === 0 ? 'buy' : 'sell';
      const { position } = await this.broker.open(this.login, { symbol: 'EURUSD', side, volume: '0.01' });
      this.held.push(position);
      const oldest = this.held.length > HELD_MAX ? this.held.shift() : undefined;
      if (oldest !== undefined) await this.broker.close(oldest);
      await pause(PACE_MS);
    }
  }
}

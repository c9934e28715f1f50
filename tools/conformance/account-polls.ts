import {
  supports,
  type BrokerAccount,
  type BrokerConfig,
  type BrokerOrder,
  type BrokerPosition,
  type BrokerState,
} from './broker-words.ts';
import type { ConformanceClient } from './conformance-client.ts';
import type { Observation } from './rules/observation.ts';
import { UnfitAnswer, type Fault } from './verdict.ts';

interface IndividualPosition extends Omit<BrokerPosition, 'avgPrice'> {
  readonly price: number;
}

/** Where it is asked, and at which pace. */
interface PolledBroker {
  readonly client: ConformanceClient;
  config(): Promise<BrokerConfig>;
}

/** What one account showed, in every round in which this run asked: the checks of stability read it. */
export class AccountPolls {
  readonly seen: Observation[] = [];
  /** Of rounds that were not answered wholly. */
  readonly faults: Fault[] = [];

  constructor(
    private readonly session: PolledBroker,
    readonly account: BrokerAccount,
  ) {}

  /** As a browser asks: one list after the other. */
  async round(): Promise<Observation> {
    const { client } = this.session;
    const params = { accountId: this.account.id };
    const state = await client.must<BrokerState>('getState', { params });
    const orders = await client.must<readonly BrokerOrder[]>('getOrders', { params });
    const observation = { atMs: client.wire.nowMs(), state, orders, positions: await this.positions() };
    this.seen.push(observation);
    return observation;
  }

  /** Rounds at the pace that the broker itself asks for. */
  async rounds(count: number): Promise<void> {
    const { pullingInterval } = await this.session.config();
    for (let n = 0; n < count; n += 1) {
      await this.round().catch((error: unknown) => this.broken(error));
      await this.session.client.wire.wait(pullingInterval?.['orders'] ?? 500);
    }
  }

  private broken(error: unknown): void {
    if (!(error instanceof UnfitAnswer)) throw error;
    this.faults.push(error.fault);
  }

  private async positions(): Promise<readonly BrokerPosition[]> {
    const asked = { params: { accountId: this.account.id } };
    const { client } = this.session;
    if (supports(this.account, 'PositionNetting')) {
      const each = await client.must<readonly IndividualPosition[]>('getIndividualPositions', asked);
      return each.map(({ price, ...position }) => ({ ...position, avgPrice: price }));
    }
    return supports(this.account, 'Positions') ? client.must<readonly BrokerPosition[]>('getPositions', asked) : [];
  }
}

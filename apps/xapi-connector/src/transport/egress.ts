import type { LoginOptions } from './login.ts';
import { ConnectionBudget, type BudgetOptions } from '@core/connector/pacing/connection-budget';

/** One local address that connections to brokers leave from, with the connections that brokers allow it. */
export interface Egress {
  /** Null: whichever the system takes. */
  readonly address: string | null;
  readonly budget: ConnectionBudget;
  readonly sessions: LoginOptions;
}

/**
 * The addresses of this process. Brokers count connections by address, and an account needs two that nobody shares
 * (docs/decisions/0009): more accounts need more addresses.
 */
export class EgressAddresses {
  readonly all: readonly [Egress, ...Egress[]];

  constructor(addresses: readonly string[], sessions: LoginOptions, options: BudgetOptions) {
    const leaving = (address: string | null): Egress => ({
      address,
      budget: new ConnectionBudget(options),
      sessions: address === null ? sessions : from(address, sessions),
    });
    const [first = null, ...others] = addresses;
    this.all = [leaving(first), ...others.map(leaving)];
  }

  /** The one with the most room. All connections of a session leave from one. */
  pick(): Egress {
    return this.all.reduce((best, each) => (each.budget.load < best.budget.load ? each : best));
  }
}

const from = (localAddress: string, { main, stream, ...rest }: LoginOptions): LoginOptions => ({
  ...rest,
  main: { ...main, localAddress },
  stream: { ...stream, localAddress },
});

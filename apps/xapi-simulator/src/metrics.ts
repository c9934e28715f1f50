import { Gauge, type Registry } from 'prom-client';
import type { RunningSimulator } from './running.ts';
import type { Simulator } from './simulator.ts';

/** What an operator of the simulator watches. */
export function measure(running: RunningSimulator, registry: Registry): void {
  const { connections, sessions, broker, journal } = running.simulator;
  const gauge = (name: string, help: string, value: () => number): void => {
    const registers = [registry];
    new Gauge({ name: `simulator_${name}`, help, registers, collect: collectInto(value) });
  };
  gauge('sockets', 'Open sockets, those in a handshake or turned away included', () => running.sockets);
  gauge('connections_main', 'Open main connections', () => connections.count('main'));
  gauge('connections_stream', 'Open streaming connections', () => connections.count('stream'));
  gauge('sessions', 'Logins that are still valid', () => sessions.count);
  gauge('accounts', 'Accounts of the broker', () => broker.accounts.size);
  gauge('positions', 'Open positions', () => sum(broker, ({ positions }) => positions.size));
  gauge('orders', 'Pending orders', () => sum(broker, ({ pendings }) => pendings.size));
  gauge('trade_transactions', 'tradeTransactions remembered', () => journal.all().length);
}

type Accounts = Pick<Simulator['broker'], 'accounts'>;
type OneAccount = ReturnType<Accounts['accounts']['get']> & object;

const sum = ({ accounts }: Accounts, of: (account: OneAccount) => number): number =>
  [...accounts.values()].reduce((total, account) => total + of(account), 0);

function collectInto(value: () => number) {
  return function (this: Gauge): void {
    this.set(value());
  };
}

import { Counter, Gauge, type Registry } from 'prom-client';
import type { EgressAddresses } from './transport/egress.ts';

/** What of the wire is told to whoever watches it. */
export class XapiMetrics {
  private readonly records: Counter<'stream'>;

  constructor(registry: Registry, { all: addresses }: EgressAddresses) {
    const registers = [registry];
    this.records = new Counter({
      ...{ name: 'xapi_records_total', help: 'Records of accounts read from streams', registers },
      labelNames: ['stream'],
    });
    const gauge = (name: string, help: string, read: (egress: (typeof addresses)[number]) => number): void => {
      new Gauge({
        ...{ name: `xapi_${name}`, help, registers, labelNames: ['address'] },
        collect() {
          for (const egress of addresses) this.set({ address: egress.address ?? 'any' }, read(egress));
        },
      });
    };
    gauge('connections', 'Connections to brokers', ({ budget }) => budget.open);
    gauge('connections_max', 'Connections to brokers that an address may have', ({ budget }) => budget.max);
    gauge('connections_waiting', 'Sessions that wait for their turn to connect', ({ budget }) => budget.waiters);
  }

  record(stream: string): void {
    this.records.inc({ stream });
  }
}

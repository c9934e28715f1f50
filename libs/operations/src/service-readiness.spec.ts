import { accountState } from '@core/projections/account';
import { findingsOf } from './finding.ts';
import { numbered, readinessOf } from './service-readiness.ts';
import type { ServiceStanding } from './service-standing.ts';

const process = (name: string, instance: number | null, status: ServiceStanding['status']): ServiceStanding => ({
  ...{ name, instance, status, reasons: [`why ${name} ${instance}`], notes: [], build: null, startedAt: null },
  ...{ projections: [], kept: [], log: null },
});
const found = (...services: readonly ServiceStanding[]): string[] =>
  findingsOf({ services, accounts: [], everyone: accountState.initial(), deadDeliveries: null }).map(
    ({ text }) => text,
  );

describe('a service of several processes', () => {
  it('is asked at each of them, by its number; one that is alone has none', () => {
    const [ledger, other, alone] = ['a', 'b', 'c'].map((url) => ({ name: url === 'c' ? 'console' : 'ledger', url }));
    expect(numbered([ledger, alone, other].flatMap((each) => each ?? []))).toEqual([
      { name: 'ledger', url: 'a', instance: 1 },
      { name: 'console', url: 'c' },
      { name: 'ledger', url: 'b', instance: 2 },
    ]);
  });

  it('is ready in so many of so many', () => {
    const standings = [process('edge', 1, 'ready'), process('other', null, 'ready'), process('edge', 2, 'no-answer')];
    expect(readinessOf(standings).map(({ name, ready, processes }) => [name, ready, processes.length])).toEqual([
      ['edge', 1, 2],
      ['other', 1, 1],
    ]);
  });

  it('needs a person for each that is not ready, but not for one that stands by for another', () => {
    expect(found(process('edge', 1, 'ready'), process('edge', 2, 'no-answer'))).toEqual([
      'edge 2 does not answer: why edge 2',
    ]);
    expect(found(process('ledger', 1, 'stands-by'), process('ledger', 2, 'ready'))).toEqual([]);
    expect(found(process('ledger', 1, 'stands-by'), process('ledger', 2, 'not-ready'))).toEqual([
      'ledger 2 is not ready: why ledger 2',
    ]);
    expect(found(process('ledger', null, 'stands-by'), process('NATS', null, 'reachable'))).toEqual([
      'ledger waits for another: why ledger null',
    ]);
  });
});

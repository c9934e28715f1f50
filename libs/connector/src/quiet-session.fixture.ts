import type { BrokerSession } from './broker-adapter.ts';
import { NoAnswer } from './broker-failure.ts';

/** What stands of an account at a broker where nothing ever happened. */
const nothing = {
  ...{ standing: [], history: [], askedMs: 0 },
  money: { balance: '0', credit: '0', equity: '0', margin: '0', marginFree: '0', marginLevel: '0' },
} as const;

/** A session at a broker where nothing happens and every turn comes at once, but for what a spec wants otherwise. */
export const quietSession = (parts: Partial<BrokerSession> = {}): BrokerSession => ({
  isOpen: true,
  now: '2026-01-05T10:00:00.000000Z',
  turn: async (_urgency, task) => task(),
  send: () => 'sent',
  outcome: () => Promise.reject(new NoAnswer('nobody knows')),
  snapshot: () => Promise.resolve(nothing),
  account: () => Promise.resolve(null),
  instruments: () => Promise.resolve({ instruments: [], quotes: [], unreadable: [] }),
  instrument: () => Promise.resolve(null),
  candles: () => Promise.resolve({ values: [], unreadable: 0 }),
  quotes: (instruments) => Promise.resolve({ values: [], unreadable: 0, asked: instruments.length }),
  hours: (instruments) => Promise.resolve({ values: [], unreadable: 0, asked: instruments.length }),
  prices: () => Promise.reject(new NoAnswer('there are no prices')),
  close: () => undefined,
  ...parts,
});

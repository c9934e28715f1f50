import type { BrokerLook } from '@core/contracts/broker-look';
import { table } from './table.ts';

/** How long a connector may take to ask its broker for everything. */
export const LOOK_TIMEOUT_MS = 30_000;

/** A look in a line, and what it found to differ. */
export function lookInWords(look: BrokerLook): string {
  if (!look.ok) return `not looked: ${look.text}`;
  const { outcome, positions, orders, facts, drifts } = look;
  const told = outcome === 'open' ? 'something takes a second look, which comes by itself' : outcome;
  const head = `${told}; ${positions} positions and ${orders} orders at the broker, ${facts} events told`;
  const rows = drifts.map(({ kind, brokerKey, ours, theirs }) => [kind, brokerKey, ours ?? 'none', theirs ?? 'none']);
  return drifts.length === 0 ? head : `${head}\n${table(['kind', 'broker’s number', 'ours', 'theirs'], rows)}`;
}

import { choice, integer } from '@core/service/setting';
import { settings } from '@core/service/settings';
import type { DriftPolicy, DriftRules } from './drift-policy.ts';

const POLICIES: DriftPolicy[] = ['adopt', 'observe', 'close-only', 'halt'];

/** What is believed of a broker, and when it is asked. */
export class ReconciliationSettings extends settings('', {
  graceMs: integer('How long the record that explains another may take', 100, 60_000).default(3_000),
  raceMs: integer('Records about one thing closer than this may have changed places', 0, 60_000).default(1_000),
  reconcileMs: integer('How often an account is reconciled', 1_000, 86_400_000).default(300_000),
  historyMarginMs: integer(
    'How far back the history is read beyond the last closed trade, for clocks that differ',
    0,
    86_400_000,
  ).default(300_000),
  lookupSettleMs: integer('No request is declared not executed sooner than this after it was sent', 0, 600_000).default(
    30_000,
  ),
  lookupAgainMs: integer('Time between the two reads that show that something is not there', 0, 600_000).default(5_000),
}) {}

/** What a difference between the broker and the log leads to. */
export class DriftSettings extends settings('DRIFT', {
  position: choice(
    'What a position leads to that a session should have told and reconciliation found',
    POLICIES,
  ).default('adopt'),
  order: choice('What an order leads to that a session should have told and reconciliation found', POLICIES).default(
    'adopt',
  ),
  balance: choice('What a balance leads to that a session should have told and reconciliation found', POLICIES).default(
    'adopt',
  ),
  awayPosition: choice('What a position leads to that changed while there was no session', POLICIES).default('adopt'),
  awayOrder: choice('What an order leads to that changed while there was no session', POLICIES).default('adopt'),
  awayBalance: choice('What a balance leads to that changed while there was no session', POLICIES).default('adopt'),
}) {}

export const driftRules = (policies: DriftSettings): DriftRules => ({
  listening: { position: policies.position, order: policies.order, balance: policies.balance },
  away: { position: policies.awayPosition, order: policies.awayOrder, balance: policies.awayBalance },
});

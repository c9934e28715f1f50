import { STANDING_MAX, type BrokerLook, type StandingAtBroker } from '@core/contracts/broker-look';
import { requestOfToken } from '@core/contracts/order-token';
import type { Instant } from '@core/contracts/primitives';
import type { StandingReport } from '@core/execution/report';
import { BrokerFailure, NoAnswer, NoTurn } from '../broker-failure.ts';
import type { Look } from './reconciler.ts';

/** What an operator is told of a look. */
export const toldOf = (
  { outcome, found, standing }: Look,
  { connector, at }: { readonly connector: string; readonly at: Instant },
): BrokerLook => ({
  ok: true,
  at,
  connector,
  outcome,
  ...{ positions: found.positions, orders: found.orders, facts: found.facts.length },
  drifts: found.drifts.slice(0, STANDING_MAX),
  standing: standing.slice(0, STANDING_MAX).map(standingOf),
});

function standingOf(report: StandingReport): StandingAtBroker {
  const { about: kind, instrument, side, volumeLots, price, comment } = report;
  const brokerKey = report.about === 'order' ? report.order : report.position;
  return { kind, brokerKey, instrument, side, volumeLots, price, requestId: requestOfToken(comment) };
}

/** Why there was none; rethrows what is a defect of ours. */
export function whyNoLook(error: unknown): BrokerLook {
  if (!(error instanceof BrokerFailure)) throw error;
  const reason = error instanceof NoAnswer || error instanceof NoTurn ? 'broker-unavailable' : 'broker-error';
  return { ok: false, reason, text: error.message.slice(0, 512) };
}

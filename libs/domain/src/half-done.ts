import type { EventBody } from '@core/contracts/event';
import type { IntegrationId } from '@core/contracts/primitives';
import type { OpenSignal, Strategy } from './strategy.ts';

/** Whether the close leg of a signal is asked for or done, and its open leg is not asked for. */
export const isBeforeOpening = ({ hasClosed, leg }: OpenSignal): boolean => hasClosed && leg === 'close';

/** What is said later of a strategy ends what is half done: it stays closed, refused for what refused it last. */
export function endHalfDone(
  strategy: Pick<Strategy, 'signals'> | undefined,
  { integrationId, strategyId }: { readonly integrationId: IntegrationId; readonly strategyId: string },
): EventBody<'SignalRefused'>[] {
  return (strategy?.signals ?? []).flatMap(({ signalId, halfDone }) =>
    halfDone === null
      ? []
      : [{ type: 'SignalRefused', data: { signalId, integrationId, strategyId, step: 'open', ...halfDone } }],
  );
}

import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { DEAD_DELIVERY_HOURS, findingsOf, type Alert, type SystemSight } from '@core/operations/finding';
import { everythingStanding, serviceStanding } from '@core/operations/service-standing';
import { stateAt } from '@core/projection-runner/state-at';
import { accountState } from '@core/projections/account';
import { openRequests } from '@core/projections/requests';
import { accountStrategies } from '@core/projections/strategies';
import { DeliveryLog } from '@core/signal-inbox/delivery-log';
import { accountStates } from './account-states.ts';
import type { OperatedSystem } from './system.ts';

const SERVICE_TIMEOUT_MS = 3_000;

/** What needs a person, with the commands by which this very system is asked next, and how its services stand. */
export async function foundIn(
  system: OperatedSystem,
): Promise<{ readonly findings: readonly Alert[]; readonly services: SystemSight['services'] }> {
  const sight = await sightOf(system);
  const here = ({ next, ...alert }: Alert): Alert => ({ ...alert, next: next.map((step) => system.here(step)) });
  return { findings: findingsOf(sight).map(here), services: sight.services };
}

/** What is judged of a system: its services as they say they are and, where Postgres can be asked, everyone and every account. */
async function sightOf(system: OperatedSystem): Promise<SystemSight> {
  const [engines, asked] = await Promise.all([
    system.engines(),
    Promise.all(system.services.map((service) => serviceStanding(service, SERVICE_TIMEOUT_MS))),
  ]);
  const services = everythingStanding(engines, asked);
  if (engines.postgres !== null)
    return { services, accounts: [], everyone: accountState.initial(), deadDeliveries: null };
  return { services, ...(await inDatabase(system)) };
}

async function inDatabase(system: OperatedSystem): Promise<Omit<SystemSight, 'services'>> {
  const known = await (await system.registry()).accounts();
  const ids = known.map(({ id }) => id);
  const [states, deadDeliveries] = await Promise.all([
    accountStates(system, [SYSTEM_ACCOUNT, ...ids]),
    new DeliveryLog(system.pool).dead(DEAD_DELIVERY_HOURS),
  ]);
  const stateOf = (id: string) => states.get(id) ?? accountState.initial();
  const accounts: SystemSight['accounts'][number][] = [];
  for (const { id, name, venue, brokerLogin, mode, enabled } of known) {
    const requests = await stateAt(system.log, openRequests, id);
    const { signals } = await stateAt(system.log, accountStrategies, id);
    accounts.push({ id, name, venue, brokerLogin, mode, enabled, state: stateOf(id), requests, signals });
  }
  return { accounts, everyone: stateOf(SYSTEM_ACCOUNT), deadDeliveries };
}

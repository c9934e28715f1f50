import type { ServiceAddress, ServiceStanding } from './service-standing.ts';

/** How many processes of a service are ready, of all that were asked. */
export interface ServiceReadiness {
  readonly name: string;
  readonly ready: number;
  readonly processes: readonly ServiceStanding[];
}

/** Of each service, in the order in which they were asked. */
export function readinessOf(standings: readonly ServiceStanding[]): readonly ServiceReadiness[] {
  const byName = new Map<string, ServiceStanding[]>();
  for (const each of standings) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  return [...byName].map(([name, processes]) => ({
    name,
    ready: processes.filter(({ status }) => status === 'ready').length,
    processes,
  }));
}

/** Where each process is asked, with its number where its service has several. */
export const numbered = (addresses: readonly Omit<ServiceAddress, 'instance'>[]): readonly ServiceAddress[] =>
  addresses.map((address) => {
    const processes = addresses.filter(({ name }) => name === address.name);
    return processes.length === 1 ? address : { ...address, instance: processes.indexOf(address) + 1 };
  });

import type { Endpoints } from '../start/endpoints.ts';
import { signalOf } from './signal.ts';

/** What the commands of the README take from the running system, as a shell reads it. */
export function shellVariables(endpoints: Endpoints, account: string, nowMs: number): string {
  const { tvGateway, tvData, proquant } = endpoints;
  const variables = {
    TV: tvGateway.url,
    LOGIN: tvGateway.login,
    PASSWORD: tvGateway.password,
    ACCOUNT: account,
    DATA: `Authorization: ${tvData.authorization}`,
    HOOK: proquant.url,
    HOOK_TOKEN: `${proquant.header}: ${proquant.token}`,
    SIGNAL: signalOf(endpoints, nowMs),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join('');
}

const quoted = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`;

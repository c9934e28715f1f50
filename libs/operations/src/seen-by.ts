import { Showing } from '@core/contracts/showing';
import { z } from 'zod';
import type { ServiceAddress } from './service-standing.ts';

/** A service on the same network says at once what it remembers; one that does not is not waited for. */
const TIMEOUT_MS = 500;

/** Most events that one question names. */
const ASKED_MAX = 200;

export interface SeenBy extends Showing {
  /** The edge that showed it. */
  readonly by: string;
}

const Showings = z.array(Showing);

/** When edges first gave readers what these events did, as far as they remember it; never rejects. */
export async function seenBy(
  services: readonly ServiceAddress[],
  positions: readonly number[],
): Promise<readonly SeenBy[]> {
  const asked = positions.slice(-ASKED_MAX).join(',');
  if (asked === '') return [];
  return (await Promise.all(services.map((service) => ask(service, asked)))).flat();
}

async function ask({ name, url }: ServiceAddress, positions: string): Promise<readonly SeenBy[]> {
  try {
    const response = await fetch(`${url}/shown/${positions}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return Showings.parse(await response.json()).map((showing) => ({ ...showing, by: name }));
  } catch {
    return [];
  }
}

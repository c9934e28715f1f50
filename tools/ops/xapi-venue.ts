import type { RegisteredBroker } from '@core/registry/entities';
import { XapiEndpoint, type Transport } from '@core/xapi/wire/endpoint';
import { Option } from 'commander';
import { BadInput } from './bad-input.ts';

const TRANSPORTS: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss'];
const PROTOCOL = 'xapi';

/** How an operator says where an xAPI server is; what is left out stays as it was. */
export interface XapiVenue {
  readonly venue: string;
  readonly transport?: Transport;
  readonly main?: string;
  readonly stream?: string;
  readonly insecureTls?: true;
}

export const XAPI_OPTIONS: readonly Option[] = [
  new Option('--transport <kind>', 'xapi: how the server is reached').choices([...TRANSPORTS]),
  new Option('--main <address>', 'xapi: host:port for tcp and tls, a URL for ws and wss'),
  new Option('--stream <address>', 'xapi: the same for the streaming socket'),
  new Option('--insecure-tls', 'xapi: accept any certificate: for simulators only'),
];

/** The broker as it is to be kept; throws `BadInput` where it cannot be reached as it is said. */
export function xapiBroker(known: RegisteredBroker | undefined, options: XapiVenue): RegisteredBroker {
  const { venue } = options;
  if (known && known.protocol !== PROTOCOL) throw new BadInput(`${venue} speaks ${known.protocol}`);
  const before: Partial<XapiEndpoint> = known?.endpoint ?? {};
  const { transport = before.transport, main = before.main, stream = before.stream } = options;
  if (!transport || !main || !stream) throw new BadInput(`${venue} is new: say --transport, --main and --stream`);
  const insecureTls = options.insecureTls ?? (options.transport ? false : (before.insecureTls ?? false));
  const endpoint = XapiEndpoint.safeParse({ transport, main, stream, insecureTls });
  if (!endpoint.success)
    throw new BadInput(endpoint.error.issues[0]?.message ?? `${venue} cannot be reached like this`);
  return { venue, protocol: PROTOCOL, endpoint: endpoint.data };
}

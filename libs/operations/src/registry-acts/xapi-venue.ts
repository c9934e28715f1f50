import type { RegisteredBroker } from '@core/registry/entities';
import { XapiEndpoint } from '@core/xapi/wire/endpoint';
import { z } from 'zod';
import { AskedWrongly } from '../asked-wrongly.ts';

const PROTOCOL = 'xapi';

/** How an operator says where an xAPI server is; what is left out stays as it was. */
export const XapiVenue = z.object({
  transport: z.enum(['tcp', 'tls', 'ws', 'wss']).optional(),
  /** `host:port` for tcp and tls, a URL for ws and wss. */
  main: z.string().optional(),
  /** The same for the streaming socket. */
  stream: z.string().optional(),
  /** Any certificate is taken: for simulators only. */
  insecureTls: z.boolean().optional(),
});

/** The broker as it is to be kept; throws `AskedWrongly` where it cannot be reached as it is said. */
export function xapiBroker(
  known: RegisteredBroker | undefined,
  options: z.output<typeof XapiVenue> & { readonly venue: string },
): RegisteredBroker {
  const { venue } = options;
  if (known && known.protocol !== PROTOCOL) throw new AskedWrongly(`${venue} speaks ${known.protocol}`);
  const before: Partial<XapiEndpoint> = known?.endpoint ?? {};
  const { transport = before.transport, main = before.main, stream = before.stream } = options;
  if (!transport || !main || !stream) throw new AskedWrongly(`${venue} is new: say its transport, main and stream`);
  const insecureTls = options.insecureTls ?? (options.transport ? false : (before.insecureTls ?? false));
  const endpoint = XapiEndpoint.safeParse({ transport, main, stream, insecureTls });
  if (!endpoint.success)
    throw new AskedWrongly(endpoint.error.issues[0]?.message ?? `${venue} cannot be reached like this`);
  return { venue, protocol: PROTOCOL, endpoint: endpoint.data };
}

import { z } from 'zod';

const Fields = z.strictObject({
  transport: z.enum(['tcp', 'tls', 'ws', 'wss']),
  /** `host:port` for tcp and tls, a URL for ws and wss. */
  main: z.string().min(1).max(512),
  /** The streaming socket, in the same way. */
  stream: z.string().min(1).max(512),
  /** Accept a certificate nobody signed: for simulators only. */
  insecureTls: z.boolean(),
});

/** How an xAPI server is reached, as the registry keeps it: two addresses of one kind. */
export const XapiEndpoint = Fields.superRefine(({ transport, main, stream }, context) => {
  for (const address of [main, stream]) {
    if (isAddress(transport, address)) continue;
    const form = isSocket(transport) ? 'host:port' : `${transport}:// URL`;
    context.addIssue({ code: 'custom', message: `${address} is no ${form}` });
  }
});
export type XapiEndpoint = z.output<typeof XapiEndpoint>;
type Transport = XapiEndpoint['transport'];

/** Whether what is sent there is readable on its way, or by whoever answers in the server's place. */
export const isInClear = ({ transport, insecureTls }: XapiEndpoint): boolean =>
  insecureTls || transport === 'tcp' || transport === 'ws';

/** The hosts of both sockets. */
export const hostsOf = ({ transport, main, stream }: XapiEndpoint): readonly string[] =>
  [main, stream].map((address) => new URL(isSocket(transport) ? `${transport}://${address}` : address).hostname);

const isSocket = (transport: Transport): boolean => transport === 'tcp' || transport === 'tls';

/** A URL may not carry credentials: addresses stand in logs. */
function isAddress(transport: Transport, address: string): boolean {
  const url = isSocket(transport) ? `${transport}://${address}` : address;
  if (!URL.canParse(url)) return false;
  const { port, pathname, protocol, username, password } = new URL(url);
  const isRight = isSocket(transport) ? port !== '' && pathname === '' : protocol === `${transport}:`;
  return isRight && username === '' && password === '';
}

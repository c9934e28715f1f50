import { UsageError } from './usage-error.ts';
import type { Wire, WireAnswer } from './wire.ts';

const CUT = [
  'the connection was cut',
  'the server’s log may say why, or is it https:// where the address says http://?',
] as const;
const NO_TLS = ['it does not speak TLS', 'is it http:// where the address says https://?'] as const;
const SILENT = ['nothing answers there', 'is there a firewall or a VPN between?'] as const;

/** What is wrong, and what to do, by the code that Node gives a connection that failed. */
const BY_CODE: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['nobody knows that name', 'is it spelled right?'],
  EAI_AGAIN: ['the name could not be looked up', 'is this machine online?'],
  ECONNREFUSED: ['nothing listens there', 'is the port right, and does the server run?'],
  ECONNRESET: CUT,
  EHOSTUNREACH: SILENT,
  ENETUNREACH: SILENT,
  ETIMEDOUT: SILENT,
  UND_ERR_CONNECT_TIMEOUT: SILENT,
  UND_ERR_SOCKET: CUT,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  EPROTO: NO_TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'browsers refuse it, too: is the name right?'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'browsers refuse it, too: renew it'],
};

/** Certificates that nobody whom Node trusts has signed. */
const UNTRUSTED = [
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_UNTRUSTED'],
];

/** Why `fetch` rejected, as Node tells it beneath its error. */
interface Cause {
  readonly code?: string;
  readonly message?: string;
}

/** A server that is not there has not failed: nothing was looked at (`UsageError`). */
export async function requireReachable(wire: Pick<Wire, 'send'>, url: string): Promise<void> {
  const answer = await wire.send({ method: 'GET', url: `${url}/mapping`, headers: {} }).catch((error: Error) => {
    throw new UsageError(`${url} does not answer: ${whyUnreachable(error)}`);
  });
  const to = sentOnTo(answer, url);
  if (to !== null) throw new UsageError(`${url} sends everybody on to ${to}: give that address as --url`);
}

/** In a line: what happened, and what to look at. */
export function whyUnreachable({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return 'nothing came within 10 s; TradingView waits no longer. Is the address right?';
  const { code = '', message: detail = message }: Cause = Object(cause);
  if (UNTRUSTED.includes(code))
    return `its certificate is signed by nobody who is trusted (${detail}). TradingView's users could not connect; to go on with a certificate of your own, name it: NODE_EXTRA_CA_CERTS=ca.pem npm run conformance …`;
  if (code.startsWith('HPE_'))
    return `what answers there is no HTTP (${detail}): is the port right, or is it https://?`;
  const [what, next] = BY_CODE[code] ?? [detail, 'is the address right?'];
  return code === '' || what === detail ? `${what}: ${next}` : `${what} (${code}): ${next}`;
}

/** Where a browser would be sent that asks for something of the API; TradingView follows nobody. */
function sentOnTo({ status, headers }: Pick<WireAnswer, 'status' | 'headers'>, url: string): string | null {
  const { location } = headers;
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url)) return null;
  return new URL(location, url).href.replace(/\/mapping\/?$/, '');
}

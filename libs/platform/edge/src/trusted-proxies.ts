import { integer } from '@core/service/setting';
import type { IncomingHttpHeaders } from 'node:http';

/** One meaning at every edge: whose word about the caller's address is taken. */
export const trustedProxies = integer(
  'How many proxies stand in front and add the caller to X-Forwarded-For; 0 believes no such header',
  0,
  10,
).default(0);

/** What is known of a call before anything of it is read. */
interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The address that the outermost trusted proxy saw; what stands further left is what the caller wrote there.
 * Where fewer have spoken than are trusted, the first that did counts.
 */
export function addressOf({ headers, socket }: Call, trusted: number): string {
  const said = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const seen = [...said, socket.remoteAddress ?? 'unknown'];
  return seen.slice(-1 - trusted)[0] ?? 'unknown';
}

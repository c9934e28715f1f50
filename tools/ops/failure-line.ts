import { isNativeError } from 'node:util/types';
import { fileFailure } from '@core/machine/file-failure';
import { isUnmigrated } from '@core/service/unmigrated';

/** Why something failed, in one line of a person's words. */
export function failureLine(error: unknown): string {
  const ofFile = fileFailure(error);
  if (ofFile !== null) return ofFile;
  if (!isNativeError(error)) return String(error);
  if (isStarting(error)) return 'Postgres starts just now: ask again in a moment';
  if (isUnmigrated(error)) return 'this database holds no trading core yet';
  // What fails for several addresses of one name has its reasons inside.
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (isUnreached(inner))
    return `nothing answers at ${inner.address}:${inner.port}: is it running, and is that its address?`;
  const text = isNativeError(inner) ? inner.message : String(inner);
  return (text.replace(/^error: /, '').split('\n', 1)[0] ?? '').trim();
}

/** What Postgres says while it makes good what an end cut short: `cannot_connect_now`. */
const isStarting = (error: unknown): boolean => isNativeError(error) && 'code' in error && error.code === '57P03';

/** What Node says of a server that takes no connection. */
const isUnreached = (error: unknown): error is Error & { readonly address: string; readonly port: number } =>
  isNativeError(error) && 'code' in error && error.code === 'ECONNREFUSED' && 'address' in error;

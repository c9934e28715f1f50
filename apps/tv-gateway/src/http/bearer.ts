import { Unauthenticated } from '../refused.ts';

/** The token of an `Authorization` header; throws `Unauthenticated` where there is none. */
export function bearerOf(header: string | undefined): string {
  const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw new Unauthenticated();
  return token;
}

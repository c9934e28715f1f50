import { OperatorRole } from '@core/registry/operator-role';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** Who is at the console. */
export interface Operator {
  readonly name: string;
  readonly role: OperatorRole;
}

/** A pass into the console, good for one session. */
export interface ConsolePass extends Operator {
  /** Nobody else has it: whoever was let in by it once is not let in by it again. */
  readonly id: string;
}

const LIFETIME_MS = 15 * 60_000;
const AUDIENCE = 'console';

const Claims = z.object({ sub: z.string().min(1).max(128), role: OperatorRole, jti: z.uuid() });

const keyOf = (key: string): Uint8Array => Buffer.from(key, 'base64');

/** The address that lets its reader into the console at `url`, once and within a quarter of an hour. */
export async function consoleLink(url: string, key: string, pass: ConsolePass, nowMs: number): Promise<string> {
  const token = await new SignJWT({ role: pass.role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(pass.name)
    .setJti(pass.id)
    .setAudience(AUDIENCE)
    .setExpirationTime(new Date(nowMs + LIFETIME_MS))
    .sign(keyOf(key));
  return `${url}/enter/${token}`;
}

/** Whom a link lets in; null where it was not made with this key, or is too old. */
export async function passOf(token: string, key: string): Promise<ConsolePass | null> {
  try {
    const { payload } = await jwtVerify(token, keyOf(key), { audience: AUDIENCE, algorithms: ['HS256'] });
    const { sub: name, role, jti: id } = Claims.parse(payload);
    return { name, role, id };
  } catch {
    return null;
  }
}

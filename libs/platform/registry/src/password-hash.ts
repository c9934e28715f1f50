import { hash, verify } from '@node-rs/argon2';
import { newSecret } from './tokens.ts';

/** Argon2id, with a salt of its own. */
export const hashPassword = (password: string): Promise<string> => hash(password);

/** Whether it is the password behind a hash. Without one it is not, after the same work: an unknown login costs what a known one does. */
export const isPassword = async (password: string, passwordHash: string | undefined): Promise<boolean> =>
  verify(passwordHash ?? (await decoyHash()), password);

let decoy: Promise<string> | undefined;

/** A hash no password has. */
const decoyHash = (): Promise<string> => (decoy ??= hash(newSecret()));

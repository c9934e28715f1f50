import type { AccountId, Uuid, Venue } from '@core/contracts/primitives';
import { uuidOf, uuidV5 } from '@core/kernel/uuid';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { RegisteredAccount } from './entities.ts';

/** Who an account is: the same login at the same venue is the same account, however often it is added. */
type Holder = Pick<RegisteredAccount, 'venue' | 'brokerLogin'>;

/**
 * Events name an account by its id alone. It is made of the login and of a salt, so that whoever has the registry can
 * prove which login an account of the log is, and nobody can guess it once the salt is forgotten.
 */
export const accountIdOf = (salt: Uuid, { venue, brokerLogin }: Holder): AccountId =>
  uuidV5(salt, `${venue}|${brokerLogin}`);

export const newSalt = (): Uuid => uuidOf(randomBytes(16));

/** An account as it is added; the password is its broker's. */
export interface NewAccount extends Pick<RegisteredAccount, 'traderId' | 'venue' | 'brokerLogin' | 'name' | 'mode'> {
  readonly password: string;
}

/** Adds an account, or what is new about one that is known. Of two at once, the second finds what the first added. */
export async function saveAccount(
  manager: EntityManager,
  account: Omit<NewAccount, 'password'>,
): Promise<RegisteredAccount> {
  const salt = newSalt();
  const first = { ...account, id: accountIdOf(salt, account), salt, enabled: true };
  await manager.createQueryBuilder().insert().into(RegisteredAccount).values(first).orIgnore().execute();
  const { venue, brokerLogin } = account;
  const known = await manager.findOneByOrFail(RegisteredAccount, { venue, brokerLogin });
  return manager.save(RegisteredAccount, { ...known, ...account, enabled: true });
}

/** How an account that the log names is called: what no event says. */
export interface AccountName {
  readonly name: string;
  readonly venue: Venue;
  readonly brokerLogin: string;
  /** Whether its id is made of this login, as it is unless somebody changed the registry. Nothing proves a forgotten one. */
  readonly isProven: boolean;
}

/** Null where it is not registered. */
export async function readAccountName(manager: EntityManager, id: AccountId): Promise<AccountName | null> {
  const account = await manager.findOne(RegisteredAccount, {
    where: { id },
    select: { name: true, venue: true, brokerLogin: true, salt: true },
  });
  if (account === null) return null;
  const { name, venue, brokerLogin, salt } = account;
  return { name, venue, brokerLogin, isProven: salt !== undefined && accountIdOf(salt, account) === id };
}

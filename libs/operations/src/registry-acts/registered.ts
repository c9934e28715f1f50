import type { AccessKey, Integration, RegisteredAccount } from '@core/registry/entities';
import type { OperatorAccount } from '@core/registry/operator-accounts';
import type { Registry } from '@core/registry/registry';

/** A key without its secrets. */
export const publicKey = ({ secretHash: _hash, previousHash: _before, ...key }: AccessKey) => key;

/** An integration without its tokens. */
export const publicIntegration = ({ tokenHashes: _hashes, ...rest }: Integration) => rest;

/** An operator without the password. */
export const publicOperator = ({ passwordHash: _hash, ...rest }: OperatorAccount) => rest;

/** Times are RFC 3339. */
type PublicKey = Omit<ReturnType<typeof publicKey>, 'expiresAt' | 'previousUntil'> &
  Readonly<Record<'expiresAt' | 'previousUntil', string | null>>;
type PublicOperator = Omit<ReturnType<typeof publicOperator>, 'passwordSetAt'> & { readonly passwordSetAt: string };

/** Who may do what, and nothing that would let anybody do it. */
export interface Registered {
  readonly traders: readonly { readonly id: string; readonly login: string; readonly disabled: boolean }[];
  /** Of brokers' servers: what they are called, and what they speak. */
  readonly venues: readonly { readonly venue: string; readonly protocol: string }[];
  readonly accounts: readonly RegisteredAccount[];
  readonly keys: readonly PublicKey[];
  readonly integrations: readonly ReturnType<typeof publicIntegration>[];
  readonly operators: readonly PublicOperator[];
}

export async function registered(registry: Registry): Promise<Registered> {
  const [traders, brokers, accounts, keys, integrations, operators] = await Promise.all([
    registry.traders(),
    registry.brokers(),
    registry.accounts(),
    registry.accessKeys(),
    registry.integrations(),
    registry.operators.all(),
  ]);
  return {
    traders: traders.map(({ id, login, disabled }) => ({ id, login, disabled })),
    venues: brokers.map(({ venue, protocol }) => ({ venue, protocol })),
    accounts,
    keys: keys.map(publicKey).map((key) => ({
      ...key,
      expiresAt: key.expiresAt?.toISOString() ?? null,
      previousUntil: key.previousUntil?.toISOString() ?? null,
    })),
    integrations: integrations.map(publicIntegration),
    operators: operators
      .map(publicOperator)
      .map((each) => ({ ...each, passwordSetAt: each.passwordSetAt.toISOString() })),
  };
}

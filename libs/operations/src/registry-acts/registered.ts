import type { KnownConsents } from '@core/contracts/integration-consent';
import type { AccountId } from '@core/contracts/primitives';
import type { AccessKey, Integration, RegisteredAccount } from '@core/registry/entities';
import type { OperatorAccount } from '@core/registry/operator-accounts';
import type { Registry } from '@core/registry/registry';
import { questionInWords, questionsAbout } from '../integration-question.ts';

/** A key without its secrets. */
export const publicKey = ({ secretHash: _hash, previousHash: _before, ...key }: AccessKey) => key;

/** An integration without its tokens. */
export const publicIntegration = ({ tokenHashes: _hashes, ...rest }: Integration) => rest;

/** An operator without the password. */
export const publicOperator = ({ passwordHash: _hash, ...rest }: OperatorAccount) => rest;

/** Times are RFC 3339. */
type PublicKey = Omit<ReturnType<typeof publicKey>, 'expiresAt' | 'previousUntil'> &
  Readonly<Record<'expiresAt' | 'previousUntil', string | null>>;
/** `asked`: what became of the last question to ProQuant, in words; null where it was asked none. */
type PublicIntegration = ReturnType<typeof publicIntegration> & { readonly asked: string | null };
type PublicOperator = Omit<ReturnType<typeof publicOperator>, 'passwordSetAt'> & { readonly passwordSetAt: string };

/** Who may do what, and nothing that would let anybody do it. */
export interface Registered {
  readonly traders: readonly { readonly id: string; readonly login: string; readonly disabled: boolean }[];
  /** Of brokers' servers: what they are called, and what they speak. */
  readonly venues: readonly { readonly venue: string; readonly protocol: string }[];
  readonly accounts: readonly RegisteredAccount[];
  readonly keys: readonly PublicKey[];
  readonly integrations: readonly PublicIntegration[];
  readonly operators: readonly PublicOperator[];
}

/** `consentsOf` an account: what users of ProQuant said of its integrations. */
export async function registered(
  registry: Registry,
  consentsOf: (account: AccountId) => KnownConsents,
): Promise<Registered> {
  const [traders, brokers, accounts, keys, integrations, questions, operators] = await Promise.all([
    registry.traders(),
    registry.brokers(),
    registry.accounts(),
    registry.keys.all(),
    registry.integrations(),
    registry.integrationRequests.all(),
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
    integrations: integrations.map((each) => {
      const sight = { consents: consentsOf(each.accountId), nowMs: Date.now() };
      const last = questionsAbout(each.id, questions, sight).at(-1);
      return { ...publicIntegration(each), asked: last ? questionInWords(last) : null };
    }),
    operators: operators
      .map(publicOperator)
      .map((each) => ({ ...each, passwordSetAt: each.passwordSetAt.toISOString() })),
  };
}

import { subjects } from '@core/contracts/subjects';
import type { AccessKey } from '@core/registry/entities';
import { isWithin } from '@core/registry/key-scope';
import { z } from 'zod';
import { accountMeant } from '../account-meant.ts';
import { AskedWrongly } from '../asked-wrongly.ts';
import { onlyMatch } from '../lookup.ts';
import { momentFromText } from '../moment.ts';
import { traderMeant } from '../trader-meant.ts';
import { everyone, those, type Concerned } from '../whom.ts';
import { publicKey } from './registered.ts';
import type { RegistryAct } from './registry-act.ts';

const HOUR_MS = 3_600_000;
const OVERLAP_HOURS_MAX = 720;
const SESSIONS_MAX = 10_000;
const RATE_MAX = 1_000;
const NEVER = 'never';

const OfKey = z.strictObject({ key: z.string() });
const NewKey = z.strictObject({
  name: z
    .string()
    .max(64, 'a key has a name of up to 64 characters')
    .refine((name) => name.trim() !== '', 'a key has a name of up to 64 characters'),
  /** Logins. */
  traders: z.array(z.string()).optional(),
  accounts: z.array(z.string()).optional(),
  /** Every account, also later ones. */
  all: z.boolean().optional(),
  prices: z.boolean().optional(),
  trade: z.boolean().optional(),
  /** In UTC unless a zone is named; `never`, or nothing, is no end. */
  expires: z.string().optional(),
  /** Live sessions over all instances, and frames a second from each, instead of the usual numbers. */
  sessions: z.string().optional(),
  rate: z.string().optional(),
});
const Rotation = OfKey.extend({
  /** How long both secrets are good. */
  overlapHours: z.string().default('24'),
  /** As of a new key; as it was where nothing is said. */
  expires: z.string().optional(),
});

const add: RegistryAct<z.output<typeof NewKey>> = {
  wish: NewKey,
  async plan(asked, registry) {
    if ((asked.all ?? false) === (asked.traders !== undefined || asked.accounts !== undefined))
      throw new AskedWrongly('say what the key may see: accounts of traders, some accounts, or all');
    const traders = asked.traders && (await Promise.all(asked.traders.map((each) => traderMeant(registry, each))));
    const accounts = asked.accounts && (await Promise.all(asked.accounts.map((id) => accountMeant(registry, id))));
    const wanted = {
      name: asked.name,
      traderIds: traders?.map(({ id }) => id) ?? null,
      accountIds: accounts ?? null,
      prices: asked.prices === true,
      trade: asked.trade === true,
      expiresAt: endOf(asked.expires),
      sessionsMax: countOf('sessions', asked.sessions, SESSIONS_MAX),
      messagesPerSecond: countOf('frames a second', asked.rate, RATE_MAX),
    };
    return {
      concerned: seenBy(wanted),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'key', action: 'added', target: (made: { key: AccessKey }) => made.key.id } as const;
        const { key, secret } = await hands.change(act, (changed) => changed.keys.add(wanted));
        const fields = { ...publicKey(key), secret };
        return { text: `key ${key.id}`, fields, secret: { name: 'secret', value: secret } };
      },
    };
  },
};

const rotate: RegistryAct<z.output<typeof Rotation>> = {
  wish: Rotation,
  async plan({ key: text, overlapHours, expires }, registry) {
    const hours = Number(overlapHours);
    if (!(hours >= 0 && hours <= OVERLAP_HOURS_MAX) || overlapHours.trim() === '')
      throw new AskedWrongly(`both are good for a number of hours up to ${OVERLAP_HOURS_MAX}`);
    const known = onlyMatch(await registry.keys.all(), text, 'key');
    const expiresAt = expires === undefined ? known.expiresAt : endOf(expires);
    return {
      concerned: seenBy(known),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'key', action: 'rotated', target: known.id } as const;
        const overlapEnds = new Date(Date.now() + hours * HOUR_MS);
        const { key, secret } = await hands.change(act, (changed) =>
          changed.keys.rotate(known.id, { overlapEnds, expiresAt }),
        );
        const before = hours === 0 ? 'is not good any more' : `is good until ${overlapEnds.toISOString()}`;
        const fields = { ...publicKey(key), secret };
        return {
          text: `key ${key.id}; the secret before ${before}`,
          fields,
          secret: { name: 'secret', value: secret },
        };
      },
    };
  },
};

const revoke: RegistryAct<z.output<typeof OfKey>> = {
  wish: OfKey,
  async plan({ key: text }, registry) {
    const known = onlyMatch(await registry.keys.all(), text, 'key');
    const { id } = known;
    return {
      concerned: seenBy(known),
      secret: null,
      async carryOut(hands) {
        const act = { what: 'key', action: 'revoked', target: id } as const;
        await hands.change(act, (changed) => changed.keys.revoke(id));
        await hands.tell(subjects.keyRevoked, { keyId: id });
        return { text: `key ${id} is revoked`, fields: { id, revoked: true }, secret: null };
      },
    };
  },
};

/** Keys of the WebSocket feed. */
export const keyActs = { 'keys add': add, 'keys rotate': rotate, 'keys revoke': revoke } as const;

/** Whose accounts a key opens. */
const seenBy = (key: Pick<AccessKey, 'traderIds' | 'accountIds'>): Concerned =>
  key.traderIds === null && key.accountIds === null
    ? everyone
    : those(({ id, traderId }) => isWithin(key, id, traderId));

/** Null without an end. */
function endOf(text: string | undefined): Date | null {
  if (text === undefined || text === NEVER) return null;
  const ms = momentFromText(text);
  if (ms === null || ms <= Date.now()) throw new AskedWrongly(`${text} is no time to come, such as 2030-01-05T10:00`);
  return new Date(ms);
}

function countOf(what: string, text: string | undefined, max: number): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > max)
    throw new AskedWrongly(`${what}: a number from 1 to ${max}, not ${text}`);
  return count;
}

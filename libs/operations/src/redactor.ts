import { requestOfToken } from '@core/contracts/order-token';
import { Uuid } from '@core/contracts/primitives';

const GONE = 'redacted';

/** Fields by which people are known or get in, and those into which people write what they like. */
export const PERSONAL: ReadonlySet<string> = new Set([
  ...['name', 'strategyName', 'brokerLogin', 'operator', 'note', 'target', 'detail', 'comment', 'reference'],
  ...['login', 'email', 'user', 'userId', 'password', 'token', 'secret', 'authorization', 'phone'],
]);

/** Sentences of brokers and of ours: they stay, without the names and logins that are known. */
export const SENTENCES: ReadonlySet<string> = new Set(['text', 'evidence', 'reason', 'ours', 'theirs', 'group']);

/** Takes out of data who is spoken of, and counts what it took. Marks and numbers of ours and of brokers stay: without them nothing is found again. */
export class Redactor {
  private readonly taken = new Map<string, number>();
  private readonly known: RegExp | null;

  /** `known`: names and logins that must not stand in a sentence either. */
  constructor(known: readonly string[] = []) {
    const words = known.filter((word) => word !== '').map((word) => word.replace(/[^\p{L}\p{N}\s]/gu, '\\$&'));
    this.known =
      words.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(${words.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  }

  /** How often something was taken out, by field. */
  get report(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.taken].toSorted(([left], [right]) => left.localeCompare(right)));
  }

  redacted<Value>(value: Value): Value {
    return this.walk('', value) as Value;
  }

  private walk(field: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.walk(field, each));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.walk(name, each)]));
    if (typeof value === 'number') return PERSONAL.has(field) ? this.take(field) : value;
    if (typeof value !== 'string') return value;
    if (PERSONAL.has(field)) return isMark(value) ? value : this.take(field);
    return SENTENCES.has(field) ? this.sentence(field, value) : value;
  }

  private sentence(field: string, text: string): string {
    return this.known === null ? text : text.replace(this.known, () => this.take(field));
  }

  private take(field: string): string {
    this.taken.set(field, (this.taken.get(field) ?? 0) + 1);
    return GONE;
  }
}

/** What names no person: our ids, the tokens of our orders, and nothing at all. */
const isMark = (text: string): boolean => text === '' || requestOfToken(text) !== null || Uuid.safeParse(text).success;

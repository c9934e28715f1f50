import { AccountPolls } from './account-polls.ts';
import type { ConformanceClient } from './conformance-client.ts';
import type { RunOptions } from './run-options.ts';
import { UsageError } from './usage-error.ts';
import { MissingGround, UnfitAnswer } from './verdict.ts';
import type { BrokerAccount, BrokerConfig, BrokerInstrument, SymbolColumns, SymbolMap } from './broker-words.ts';

/** What a run knows of the server: asked for once, and shared by all checks. */
export class BrokerSession {
  private readonly known = new Map<string, Promise<unknown>>();
  private readonly watched = new Map<string, AccountPolls>();

  constructor(
    readonly client: ConformanceClient,
    readonly options: RunOptions,
  ) {}

  config(): Promise<BrokerConfig> {
    return this.once('the configuration', () => this.client.must('getConfiguration'));
  }

  /** Those that the run is to look at. */
  accounts(): Promise<readonly BrokerAccount[]> {
    return this.once('the accounts', async () => {
      const all = await this.client.must<readonly BrokerAccount[]>('getAccounts');
      const { accounts } = this.options;
      const unknown = accounts.filter((wanted) => !all.some(({ id }) => id === wanted));
      if (unknown.length > 0)
        throw new UsageError(`--accounts ${unknown.join(',')}: the login has ${all.map(({ id }) => id).join(', ')}`);
      return accounts.length === 0 ? all : all.filter(({ id }) => accounts.includes(id));
    });
  }

  instruments({ id }: BrokerAccount): Promise<readonly BrokerInstrument[]> {
    return this.once(`the instruments of account ${id}`, () =>
      this.client.must('getInstruments', { params: { accountId: id } }),
    );
  }

  mapping(): Promise<SymbolMap> {
    return this.once('the mapping', () => this.client.must('getMapping'));
  }

  symbols(): Promise<SymbolColumns> {
    return this.once('the symbols', () => this.client.must('getSymbolInfo'));
  }

  /** What is known of an account over time; live mode adds to it. */
  polls(account: BrokerAccount): AccountPolls {
    const polls = this.watched.get(account.id) ?? new AccountPolls(this, account);
    this.watched.set(account.id, polls);
    return polls;
  }

  /** Remembers what was asked for; what could not be had is no ground for anything else. */
  once<Value>(what: string, ask: () => Promise<Value>): Promise<Value> {
    const known = this.known.get(what) as Promise<Value> | undefined;
    if (known) return known;
    const asked = ask().catch((error: unknown) => {
      if (error instanceof UnfitAnswer) throw new MissingGround(`${what} could not be read`);
      throw error;
    });
    this.known.set(what, asked);
    return asked;
  }
}

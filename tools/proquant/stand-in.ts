import type { ProquantAct } from './proquant-act.ts';
import type { ConnectedAccount, IntegrationBody } from './connected-account.ts';

/** Somebody asked for what cannot be done at ProQuant. */
export class NotTheirTurn extends Error {}

/** What is sent to one connected account. */
export interface OutgoingEvent {
  readonly account: ConnectedAccount;
  readonly type: string;
  readonly timestamp: number;
  readonly data: unknown;
}

interface Position {
  readonly direction: 'BUY' | 'SELL';
  readonly ticker: string;
  readonly quantity: number;
  readonly proquantPositionId: string;
}

interface RunningStrategy {
  readonly id: string;
  readonly name: string;
  readonly userEmail: string;
  position: Position | null;
}

type SignalAct = Extract<ProquantAct, { readonly strategy: string; readonly user?: string | undefined }> & {
  act: SignalName;
};
type SignalName = 'open' | 'close' | 'reopen';

/**
 * What ProQuant knows: connected accounts, strategies, and the position that each strategy holds in its own simulation,
 * whatever became of it elsewhere. Acts lead to events, for every account that is to hear of them.
 */
export class StandIn {
  readonly accounts: ConnectedAccount[] = [];
  private readonly byKey = new Map<string, ConnectedAccount>();
  private readonly strategies: RunningStrategy[] = [];
  private latest: readonly OutgoingEvent[] = [];
  private lastMs = 0;

  constructor(
    private readonly newId: () => string,
    private readonly now: () => number,
  ) {}

  /** The same `key` again is the same request. */
  request(asked: IntegrationBody, key: string | undefined): ConnectedAccount {
    const known = key === undefined ? undefined : this.byKey.get(key);
    if (known) return known;
    const account: ConnectedAccount = {
      ...{ number: this.accounts.length + 1, asked, state: 'requested', enabledFor: new Set() },
    };
    this.accounts.push(account);
    if (key !== undefined) this.byKey.set(key, account);
    return account;
  }

  /** Throws `NotTheirTurn`. */
  act(act: ProquantAct): readonly OutgoingEvent[] {
    if (act.act !== 'again') this.latest = this.eventsOf(act);
    else if (this.latest.length === 0) throw new NotTheirTurn('nothing has been sent yet');
    return this.latest;
  }

  private eventsOf(act: Exclude<ProquantAct, { act: 'again' }>): readonly OutgoingEvent[] {
    const timestamp = (this.lastMs = Math.max(this.now(), this.lastMs + 1));
    switch (act.act) {
      case 'approve':
        return [{ ...this.decided(act.account, 'requested', 'approved'), type: 'INTEGRATION_APPROVED', timestamp }];
      case 'reject':
        return [{ ...this.decided(act.account, 'requested', 'rejected'), type: 'INTEGRATION_REJECTED', timestamp }];
      case 'delete':
        return [{ ...this.decided(act.account, 'approved', 'deleted'), type: 'INTEGRATION_DELETED', timestamp }];
      case 'enable':
      case 'disable':
        return [{ ...this.switched(act), timestamp }];
      default:
        return this.signalled(act).map((event) => ({ ...event, timestamp }));
    }
  }

  private decided(
    number: number,
    from: ConnectedAccount['state'],
    state: ConnectedAccount['state'],
  ): Pick<OutgoingEvent, 'account' | 'data'> {
    const account = this.accountOf(number);
    if (account.state !== from) throw new NotTheirTurn(`account ${number} is ${account.state}`);
    account.state = state;
    return { account, data: null };
  }

  private switched(act: Extract<ProquantAct, { act: 'enable' | 'disable' }>): Omit<OutgoingEvent, 'timestamp'> {
    const account = this.accountOf(act.account);
    if (account.state !== 'approved') throw new NotTheirTurn(`account ${act.account} is ${account.state}`);
    const { id, name } = this.strategyOf(account.asked.userEmail, act.strategy);
    if (act.act === 'enable') account.enabledFor.add(name);
    else account.enabledFor.delete(name);
    return { account, type: act.act === 'enable' ? 'STRATEGY_ENABLED' : 'STRATEGY_DISABLED', data: { id, name } };
  }

  private signalled(act: SignalAct): Omit<OutgoingEvent, 'timestamp'>[] {
    const strategy = this.runningOf(act);
    const said = this.positionSaid(act, strategy);
    strategy.position = act.act === 'close' ? null : said;
    const { id, name, userEmail } = strategy;
    const data = { ...said, strategy: { id, name } };
    return this.accounts
      .filter(
        ({ asked, state, enabledFor }) => asked.userEmail === userEmail && state === 'approved' && enabledFor.has(name),
      )
      .map((account) => ({ account, type: SIGNALS[act.act], data }));
  }

  /** What a signal says: of a close the position that it closes, of the others the new one. */
  private positionSaid(act: SignalAct, { name, position }: RunningStrategy): Position {
    const proquantPositionId = this.newId();
    if (act.act === 'open') {
      if (position) throw new NotTheirTurn(`${name} has a position: close or reopen it`);
      const { direction, ticker, quantity } = act;
      return { direction, ticker, quantity, proquantPositionId };
    }
    if (!position) throw new NotTheirTurn(`${name} has no position`);
    if (act.act === 'close') return position;
    const direction = position.direction === 'BUY' ? 'SELL' : 'BUY';
    return { ...position, direction, quantity: act.quantity ?? position.quantity, proquantPositionId };
  }

  private accountOf(number: number): ConnectedAccount {
    const account = this.accounts[number - 1];
    if (!account) throw new NotTheirTurn(`there is no account ${number}`);
    return account;
  }

  private strategyOf(userEmail: string, name: string): RunningStrategy {
    const known = this.strategies.find((each) => each.userEmail === userEmail && each.name === name);
    if (known) return known;
    const strategy = { id: this.newId(), name, userEmail, position: null };
    this.strategies.push(strategy);
    return strategy;
  }

  private runningOf({ strategy: name, user }: SignalAct): RunningStrategy {
    const named = this.strategies.filter((each) => each.name === name && (user ?? each.userEmail) === each.userEmail);
    const [strategy, ...others] = named;
    if (!strategy) throw new NotTheirTurn(`no strategy ${name} runs: enable it for an account first`);
    if (others.length > 0) throw new NotTheirTurn(`several users have a strategy ${name}: say --user`);
    return strategy;
  }
}

const SIGNALS: Readonly<Record<SignalName, string>> = {
  open: 'SIGNAL_OPEN',
  close: 'SIGNAL_CLOSE',
  reopen: 'SIGNAL_REOPEN',
};

/** The body of the request that tells an event, guide section "v1 Request Example". */
export function encodeDelivery({ account, type, timestamp, data }: OutgoingEvent): string {
  const { name, description, imageUrl, webhook } = account.asked;
  const integration = { name, description, imageUrl, webhook };
  return JSON.stringify({ v1: { deprecation: null, event: { timestamp, type, integration, data } } });
}

import type { CommandContext } from './commands/command.ts';
import type { AccountTerms } from './core/account.ts';
import { SimulatedBroker } from './core/simulated-broker.ts';
import type { BrokerParts } from './core/broker-parts.ts';
import { ChartPast } from './core/chart-past.ts';
import { CandleSeries } from './core/candle-series.ts';
import { FaultBook } from './core/faults.ts';
import { FIRST_IDS, Ids, RESTART_GAP, type IdCounters } from './core/ids.ts';
import { instruments } from './core/instruments.ts';
import { Journal } from './core/journal.ts';
import { withChanges, type BehaviourChanges, type BehaviourSettings } from './core/behaviour-settings.ts';
import { Market } from './core/market.ts';
import { News } from './core/news.ts';
import { Overnight } from './core/overnight.ts';
import { Random } from './core/random.ts';
import { Scheduler } from './core/scheduler.ts';
import { capture, restore, type BrokerState } from './core/state.ts';
import { Triggers } from './core/triggers.ts';
import { BrokerAnnouncer } from './server/announcer.ts';
import { ClientConnections, type Line } from './server/client-connections.ts';
import { MainHandler } from './server/main-handler.ts';
import { Pulse } from './server/pulse.ts';
import { ClientSessions, type ClientSession } from './server/client-sessions.ts';
import { StreamHandler } from './server/stream-handler.ts';
import { Streams } from './server/streams.ts';
import { TickSubscriptions } from './server/tick-subscriptions.ts';
import type { ClientTransport } from './server/client-transport.ts';

export interface SimulatorOptions {
  readonly seed: string;
  /** When the simulated time begins. */
  readonly startMs: number;
  readonly accounts: readonly AccountTerms[];
  readonly behaviour: BehaviourSettings;
  /** What an earlier run left behind; of accounts that it knows only the password is taken from above. */
  readonly state?: BrokerState | undefined;
  /** Charts of earlier runs; this run is added. */
  readonly past?: ChartPast | undefined;
}

/**
 * The simulated broker, wired. It has no clock and no sockets of its own: a driver moves `scheduler`, accepts
 * transports, and flushes when it did either. Same options, same inputs at the same times: same outputs.
 */
export class Simulator {
  readonly scheduler: Scheduler;
  readonly faults = new FaultBook();
  readonly journal = new Journal();
  readonly market: Market;
  readonly broker: SimulatedBroker;
  readonly triggers: Triggers;
  readonly overnight: Overnight;
  readonly news: News;
  readonly sessions: ClientSessions;
  readonly streams: Streams;
  readonly connections: ClientConnections;
  readonly pulse: Pulse;
  readonly candles: CandleSeries;
  private readonly ids: Ids;
  private readonly announcer: BrokerAnnouncer;
  private current: BehaviourSettings;

  constructor({ seed, startMs, accounts, behaviour: initial, state, past = new ChartPast() }: SimulatorOptions) {
    this.current = initial;
    const behaviour = (): BehaviourSettings => this.current;
    const { faults, journal } = this;
    const random = new Random(seed);
    const scheduler = new Scheduler(startMs);
    const ids = new Ids(random.fork('ids'), state ? after(state) : FIRST_IDS);
    const market = new Market(instruments, random.fork('market'), startMs, () => behaviour().market.alwaysOpen);
    const streams = new Streams(scheduler, random.fork('delivery'), behaviour, faults);
    const ticks = new TickSubscriptions(scheduler, behaviour, faults);

    const announcer = new BrokerAnnouncer(streams, behaviour, (userId) => broker.figures(broker.account(userId)));
    const parts: BrokerParts = {
      scheduler,
      market,
      random: random.fork('broker'),
      ids,
      behaviour,
      faults,
      output: announcer,
    };
    const broker = new SimulatedBroker(parts);
    for (const terms of accounts) broker.addAccount(terms);
    if (state) restore({ broker, market, journal }, state, startMs);
    for (const { userId, password } of accounts) broker.account(userId).password = password;
    const triggers = new Triggers(broker, parts);
    const overnight = new Overnight(broker, parts);
    past.begin(startMs, Object.fromEntries([...market.all()].map(({ instrument, bid }) => [instrument.symbol, bid])));
    const candles = new CandleSeries(seed, past, instruments, (instrument, at) => market.isOpen(instrument, at));
    const time = (): number => broker.time;
    const news = new News(scheduler, random.fork('news'), time, (item) => streams.broadcast('news', item));

    const sessions = new ClientSessions(broker.accounts, scheduler, random.fork('sessions'), behaviour, (session) => {
      for (const subscriber of streams.dropSession(session)) ticks.drop(subscriber);
    });
    const context: CommandContext = { seed, broker, market, candles, news, journal, behaviour };
    const main = new MainHandler(context, sessions, faults);
    const stream = new StreamHandler(sessions, streams, ticks, market, behaviour, (userId) =>
      announcer.balance(userId),
    );
    const connections = new ClientConnections(scheduler, behaviour, faults, {
      command: (connection, message) => (connection.kind === 'main' ? main : stream).handle(connection, message),
      closed(connection) {
        const session: ClientSession | undefined = sessions.of(connection);
        if (session) sessions.end(session);
        for (const subscriber of streams.dropConnection(connection)) ticks.drop(subscriber);
      },
    });

    const timed = { scheduler, market, broker, triggers, overnight, news, sessions, streams };
    this.pulse = new Pulse({ ...timed, behaviour, candles, ticks, announcer });
    this.candles = candles;
    this.scheduler = scheduler;
    this.ids = ids;
    this.announcer = announcer;
    this.market = market;
    this.broker = broker;
    this.triggers = triggers;
    this.overnight = overnight;
    this.news = news;
    this.sessions = sessions;
    this.streams = streams;
    this.connections = connections;
  }

  get behaviour(): BehaviourSettings {
    return this.current;
  }

  /** Throws zod's error when a change names a setting that is none, or a value that does not fit. */
  changeBehaviour(changes: BehaviourChanges): BehaviourSettings {
    return (this.current = withChanges(this.current, changes));
  }

  /** Rises with everything that a state would have to remember. */
  get changes(): number {
    return this.announcer.count + this.journal.all().length;
  }

  /** A client connected. */
  accept(transport: ClientTransport): Line {
    return this.connections.accept(transport);
  }

  /** Moves time and sends what came of it. */
  advanceTo(time: number): void {
    this.scheduler.advanceTo(time);
    this.connections.flush();
  }

  capture(): BrokerState {
    const { broker, market, ids, journal } = this;
    return capture({ broker, market, ids, journal });
  }
}

/** Numbers after those of an earlier run, whose last may be unknown. */
const after = ({ ids: { order, deal } }: BrokerState): IdCounters => ({
  order: order + RESTART_GAP,
  deal: deal + RESTART_GAP,
});

import { encodeError } from '@core/xapi/wire/encode-frames';
import { errorCodes, type XapiErrorCode } from '@core/xapi/wire/error-codes';
import type { JsonObject } from '@core/xapi/wire/json-splitter';
import { isStreamName, StreamCommand, subscriptions, type StreamName } from '@core/xapi/wire/streams';
import type { BehaviourSettings } from '../core/behaviour-settings.ts';
import type { Market } from '../core/market.ts';
import type { ClientConnection } from './client-connection.ts';
import type { ClientSession, ClientSessions } from './client-sessions.ts';
import type { Streams, Subscriber } from './streams.ts';
import type { TickSubscriptions } from './tick-subscriptions.ts';

/** Commands of the streaming connection (seed §6). Nothing is answered, except what cannot be done at all. */
export class StreamHandler {
  constructor(
    private readonly sessions: ClientSessions,
    private readonly streams: Streams,
    private readonly ticks: TickSubscriptions,
    private readonly market: Market,
    private readonly behaviour: () => BehaviourSettings,
    private readonly sendBalance: (userId: string) => void,
  ) {}

  handle(connection: ClientConnection, message: JsonObject): void {
    const parsed = StreamCommand.safeParse(message);
    if (!parsed.success) return this.refuse(connection, 'BE110');
    const { command, streamSessionId } = parsed.data;
    const stopped = STOPS.get(command);
    if (stopped) {
      for (const each of this.streams.on(connection, streamSessionId))
        this.stop(each, stopped, parsed.data.symbol ?? null);
      return;
    }
    const started = STARTS.get(command);
    if (!started && command !== 'ping') return this.refuse(connection, 'BE104');
    const session = this.sessions.withToken(streamSessionId ?? '');
    if (!session) return this.refuseToken(connection);
    this.sessions.touch(session);
    if (started) this.start(connection, session, started, parsed.data);
  }

  private start(
    connection: ClientConnection,
    session: ClientSession,
    stream: StreamName,
    command: StreamCommand,
  ): void {
    const quote = this.market.find(command.symbol ?? '');
    if (!quote && BY_SYMBOL.includes(stream)) return this.refuse(connection, command.symbol ? 'BE115' : 'BE106');
    const subscriber = this.streams.subscriber(connection, session);
    if (!quote || !BY_SYMBOL.includes(stream)) {
      const isNew = !subscriber.wants.has(stream);
      subscriber.wants.add(stream);
      if (stream === 'balance' && isNew && this.behaviour().balanceOnSubscribe)
        this.sendBalance(session.account.userId);
    } else if (stream === 'candle') {
      subscriber.candles.add(quote.instrument.symbol);
    } else {
      this.ticks.subscribe(subscriber, quote, command.minArrivalTime ?? null, command.maxLevel ?? null);
    }
  }

  private stop(subscriber: Subscriber, stream: StreamName, symbol: string | null): void {
    subscriber.wants.delete(stream);
    if (symbol === null) return;
    if (stream === 'candle') subscriber.candles.delete(symbol);
    if (stream === 'tickPrices') this.ticks.unsubscribe(subscriber, symbol);
  }

  private refuseToken(connection: ClientConnection): void {
    if (this.behaviour().invalidToken === 'frame') this.refuse(connection, 'BE117');
  }

  private refuse(connection: ClientConnection, code: XapiErrorCode): void {
    connection.send(encodeError(code, errorCodes[code]));
  }
}

const BY_SYMBOL: readonly StreamName[] = ['candle', 'tickPrices'];
const NAMES = Object.keys(subscriptions).filter(isStreamName);
const STARTS: ReadonlyMap<string, StreamName> = new Map(NAMES.map((name) => [subscriptions[name].start, name]));
const STOPS: ReadonlyMap<string, StreamName> = new Map(NAMES.map((name) => [subscriptions[name].stop, name]));

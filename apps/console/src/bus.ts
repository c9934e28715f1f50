import { CommandClient } from '@core/bus/command-client';
import { askForLook } from '@core/bus/look-client';
import { MarketClient } from '@core/bus/market-client';
import { NatsCommandTransport } from '@core/bus/nats-command-transport';
import { connectNats } from '@core/bus/nats-connection';
import { parseJson } from '@core/bus/plain-json';
import { subscribe } from '@core/bus/subscribe';
import type { BrokerLook } from '@core/contracts/broker-look';
import { readFeedBatch } from '@core/contracts/feed';
import type { Answer, CommandBody } from '@core/contracts/command';
import type { AccountId, Uuid } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { LogSubscription } from '@core/edge/log-subscription';
import { accepted, type Accepted } from '@core/operations/accepted-at';
import { FeedAlarm } from '@core/projection-runner/feed-alarm';
import { newId } from '@core/service/clock';
import { Health } from '@core/service/health';
import { inBackground } from '@core/service/in-background';
import { NatsSettings } from '@core/service/service-settings';
import { Tracing } from '@core/service/tracing';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Events, type NatsConnection } from 'nats';

const COMMAND_TIMEOUT_MS = 10_000;
/** How long a connector may take to ask its broker for everything. */
const LOOK_TIMEOUT_MS = 30_000;

/** What is asked needs NATS, and NATS is not there. */
export class BusAway extends Error {
  readonly code = 'bus-away';

  constructor() {
    super('NATS is not connected: the ledger and the venues cannot be asked');
  }
}

/** NATS, whenever it is there: pages that need only Postgres are shown without it. */
@Injectable()
export class Bus implements OnModuleInit, OnApplicationShutdown {
  private nats: NatsConnection | null = null;
  private isLost = false;

  constructor(
    private readonly settings: NatsSettings,
    private readonly log: LogSubscription,
    private readonly alarm: FeedAlarm,
    private readonly tracing: Tracing,
    health: Health,
  ) {
    health.note(() => (this.whyAway === null ? null : `NATS: ${this.whyAway}`));
  }

  /** Why nobody can be asked over NATS; null where somebody can. */
  get whyAway(): string | null {
    if (this.nats === null) return 'not connected yet';
    return this.isLost ? 'disconnected' : null;
  }

  /** What a command came to; throws `LedgerRefusal`. `id` makes it one command, however often it is asked. */
  async ask(account: AccountId, wish: CommandBody, id?: Uuid): Promise<Accepted> {
    return accepted(await this.answer(account, wish, id));
  }

  /** What the ledger answers to a command, a refusal too. */
  async answer(account: AccountId, wish: CommandBody, id: Uuid = newId()): Promise<Answer> {
    const commands = new CommandClient(new NatsCommandTransport(this.connected()), 'console', this.tracing);
    return commands.ask(account, wish, { id, timeoutMs: COMMAND_TIMEOUT_MS });
  }

  /** Tells running services. */
  tell(subject: string, body: object): void {
    this.connected().publish(subject, JSON.stringify(body));
  }

  get market(): MarketClient {
    return new MarketClient(this.connected());
  }

  /** Has the connector of an account compare its broker with the log. */
  async look(account: AccountId): Promise<BrokerLook> {
    return askForLook(this.connected(), account, LOOK_TIMEOUT_MS);
  }

  onModuleInit(): void {
    inBackground('connecting to NATS', this.connect());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.nats?.close();
  }

  private async connect(): Promise<void> {
    const nats = await connectNats({ url: this.settings.url, name: 'console' });
    this.nats = nats;
    subscribe(nats, subjects.feed, ({ data }) => {
      const batch = readFeedBatch(parseJson(data));
      if (batch) this.log.offer(batch);
      else this.alarm.raise('unreadable');
    });
    for await (const { type } of nats.status()) {
      if (type === Events.Disconnect) this.isLost = true;
      if (type === Events.Reconnect) this.isLost = false;
    }
  }

  private connected(): NatsConnection {
    if (this.nats === null || this.isLost) throw new BusAway();
    return this.nats;
  }
}

import { onReconnect } from '@core/bus/nats-connection';
import { jetStreams } from '@core/contracts/subjects';
import type { IntakeCheckpoint } from '@core/event-log/event-log';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { LedgerCore } from '@core/ledger/ledger-core';
import { JetStreamSettings } from '@core/service/service-settings';
import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  AckPolicy,
  DeliverPolicy,
  ErrorCode,
  nanos,
  NatsError,
  type ConsumerMessages,
  type JetStreamManager,
  type JsMsg,
  type NatsConnection,
  type StreamInfo,
} from 'nats';
import { setTimeout as pause } from 'node:timers/promises';
import { IntakeStreamSettings } from '../config.ts';
import { LedgerClock } from '../ledger-clock.ts';
import { PrometheusMetrics } from '../prometheus-metrics.ts';
import { NATS_CONNECTION } from '../tokens.ts';
import { ensureIntake } from './intake-stream.ts';

/** Nobody looks at a throw-away consumer for this long: the server forgets it. */
const CONSUMER_LIFE_MS = 60_000;
/**
 * A request for messages ends after this long, and the next begins. The server says something twice in that time: after
 * two such times without a word the request is taken for lost and made again, and facts wait no longer.
 */
const PULL_MS = 3_000;
const RAISE_AGAIN_MS = 10_000;

/**
 * Reads the intake from a checkpoint on, in order and without acknowledging: what was taken is what the log committed.
 * Every opening, the first as well as after a lost connection, a lost message or a restarted server, asks the same
 * questions: is it the stream we know, is the message we took last still there, is the next one the next.
 * Where an answer is no it reads from the stream's start, which adds nothing that the log holds.
 */
@Injectable()
export class IntakeReader {
  private readonly logger = new Logger('Intake');
  private last: IntakeCheckpoint | null = null;
  private messages: ConsumerMessages | null = null;
  private stopping = false;
  private attached = false;

  constructor(
    @Inject(NATS_CONNECTION) private readonly connection: NatsConnection,
    @Inject(PostgresEventLogWriter) private readonly log: PostgresEventLogWriter,
    @Inject(LedgerCore) private readonly ledger: LedgerCore,
    @Inject(PrometheusMetrics) private readonly metrics: PrometheusMetrics,
    @Inject(IntakeStreamSettings) private readonly settings: IntakeStreamSettings,
    @Inject(JetStreamSettings) private readonly jetStream: JetStreamSettings,
    @Inject(LedgerClock) private readonly clock: LedgerClock,
  ) {
    onReconnect(connection, () => this.messages?.stop());
  }

  /** Whether messages would arrive at this moment. */
  get isAttached(): boolean {
    return this.attached;
  }

  /** Reads until `stop`, through everything that NATS may do. */
  async run(): Promise<void> {
    this.last = await this.log.checkpoint();
    while (!this.stopping) {
      try {
        await this.readOn();
      } catch (error) {
        if (!(error instanceof NatsError) || this.connection.isClosed()) throw error;
        if (this.stopping) return;
        this.logger.warn({ err: error, msg: 'the intake cannot be read at the moment' });
        await pause(this.settings.pauseMs);
      } finally {
        this.attached = false;
      }
    }
  }

  stop(): void {
    this.stopping = true;
    this.messages?.stop();
  }

  private async readOn(): Promise<void> {
    const manager = await this.connection.jetstreamManager();
    const stream = await ensureIntake(manager, this.settings, this.jetStream);
    const { sequence, why } = await this.whereToStart(manager, stream);
    const name = await this.createConsumer(manager, sequence);
    const consumer = await this.connection.jetstream().consumers.get(stream.config.name, name);
    this.messages = await consumer.consume({
      max_messages: this.settings.fetch,
      expires: PULL_MS,
      abort_on_missing_resource: true,
    });
    if (this.stopping) this.messages.stop();
    this.metrics.intakeOpened.inc({ why });
    this.attached = true;
    const again = this.openAgainToRaise(stream);
    await this.takeAll(this.messages, stream.created).finally(() => clearTimeout(again));
  }

  /** Where not every server is there that is to keep the stream, it is opened again until they are. */
  private openAgainToRaise({ config }: StreamInfo): NodeJS.Timeout | undefined {
    if (config.num_replicas >= this.jetStream.replicas) return undefined;
    return setTimeout(() => this.messages?.stop(), RAISE_AGAIN_MS).unref();
  }

  private async takeAll(messages: ConsumerMessages, incarnation: string): Promise<void> {
    let isFirst = true;
    for await (const message of messages) {
      const expected = this.last?.incarnation === incarnation ? this.last.sequence + 1 : message.seq;
      // A hole at the very start is the stream's own: what is gone from it was never confirmed, and is sent again.
      if (!isFirst && message.seq !== expected) break;
      isFirst = false;
      await this.takeOne(message, incarnation);
    }
    messages.stop();
  }

  private async takeOne(message: JsMsg, incarnation: string): Promise<void> {
    const read = this.ledger.read(message.subject, `${message.subject}#${message.seq}`, message.data);
    this.last = { incarnation, sequence: message.seq, batchid: read.identity };
    this.metrics.intakeLag.set(message.info.pending);
    if (message.info.pending === 0) this.clock.heardBus(message.info.timestampNanos / 1e6);
    await this.ledger.queue.addMessage({ message: read, checkpoint: this.last });
  }

  private async whereToStart(
    manager: JetStreamManager,
    { created, config, state }: StreamInfo,
  ): Promise<{ readonly sequence: number; readonly why: string }> {
    const { last } = this;
    if (last === null) return { sequence: 1, why: 'first' };
    if (last.incarnation !== created) return { sequence: 1, why: 'new-stream' };
    if (state.last_seq < last.sequence) return { sequence: 1, why: 'lost-tail' };
    const stored = await this.identityAt(manager, config.name, last.sequence);
    if (stored === last.batchid) return { sequence: last.sequence + 1, why: 'continued' };
    return { sequence: 1, why: stored === null ? 'expired' : 'other-tail' };
  }

  private async createConsumer(manager: JetStreamManager, from: number): Promise<string> {
    const { name } = await manager.consumers.add(jetStreams.intake.name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ack_policy: AckPolicy.None,
      inactive_threshold: nanos(CONSUMER_LIFE_MS),
      mem_storage: true,
    });
    return name;
  }

  /** Who the message at a sequence is; null when the stream holds it no longer. */
  private async identityAt(manager: JetStreamManager, stream: string, seq: number): Promise<string | null> {
    try {
      const { subject, data } = await manager.streams.getMessage(stream, { seq });
      return this.ledger.read(subject, '', data).identity;
    } catch (error) {
      if (error instanceof NatsError && error.code === ErrorCode.JetStream404NoMessages) return null;
      if (error instanceof NatsError && error.api_error?.err_code === 10037) return null;
      throw error;
    }
  }
}

import type { Uuid } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import type { ClientMessage, Feature, TopicSubscription } from '@core/ws-session/client-message';
import type { CloseName } from '@core/ws-session/close-code';
import type { SessionErrorCode } from '@core/ws-session/error-code';
import { errorMessage, grantSiblings, subscriptionResult, type Grant } from '@core/ws-session/extension-message';
import { authResult, encodeEnvelope, type AuthOutcome } from '@core/ws-session/server-message';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { scopesOf } from '@core/registry/key-scope';
import { newId, now } from '@core/service/clock';
import { inBackground } from '@core/service/in-background';
import { Injectable, Logger } from '@nestjs/common';
import { Admission, type Credential } from '../connection/admission.ts';
import { EVENT_TOPICS, type Topic } from '../connection/broadcast.ts';
import { ConnectionSettings, PlaybackSettings } from '../config.ts';
import type { Connection, ConnectionListener } from '../connection/connection.ts';
import { Retention } from '../log/retention.ts';
import { UpstreamWatch } from '../log/upstream-watch.ts';
import { LogCursors } from '../log/log-cursors.ts';
import { SessionMetrics } from '../connection/metrics.ts';
import { Playback } from '../log/playback.ts';
import { PriceBroadcast } from '../market/price-broadcast.ts';
import { Questions } from './questions.ts';
import { Session } from '../connection/session.ts';
import { Sessions } from '../connection/sessions.ts';
import { SessionSlots } from '../connection/session-slots.ts';
import { SteadyClock } from '../connection/steady-clock.ts';
import { TradeDesk } from '../trading/trade-desk.ts';
import { TradeFollowers } from '../trading/trade-followers.ts';
import { isTopic, Topics } from '../connection/topics.ts';

type AuthRequest = Extract<ClientMessage, { kind: 'auth_request' }>;

const NAMED_MAX = 1_000;
/** Prices of more instruments are not all asked for at once, protocol section 9.4: their session names them. */
const UNNAMED_PRICES_MAX = 200;
/** The feed is late by less, as long as it comes at all. */
const CATCH_UP_MS = 5_000;

/** Where a client goes on, by the cursor it came with. */
interface Resume {
  readonly result: NonNullable<Grant['resume']>;
  readonly position: number;
  readonly cursor: string;
}

const anyOf = (): boolean => true;

/** Lets clients in and serves what they ask for. */
@Injectable()
export class RequestHandler implements ConnectionListener {
  private readonly logger = new Logger(RequestHandler.name);

  constructor(
    private readonly admission: Admission,
    private readonly sessions: Sessions,
    private readonly playback: Playback,
    private readonly questions: Questions,
    private readonly prices: PriceBroadcast,
    private readonly runner: ProjectionRunner,
    private readonly cursors: LogCursors,
    private readonly metrics: SessionMetrics,
    private readonly clock: SteadyClock,
    private readonly slots: SessionSlots,
    private readonly desk: TradeDesk,
    private readonly followers: TradeFollowers,
    private readonly limits: ConnectionSettings,
    private readonly past: PlaybackSettings,
    private readonly retention: Retention,
    private readonly upstream: UpstreamWatch,
  ) {}

  enter(connection: Connection, first: ClientMessage): void {
    if (first.kind !== 'auth_request') return this.refuse(connection, first.id, 'unauthorized', 'unauthorized');
    const checked = this.check(connection, first).catch((error: unknown) => {
      connection.queue.end('try_again_later');
      throw error;
    });
    inBackground('letting a client in', checked);
  }

  serve(session: Session, message: ClientMessage): void {
    switch (message.kind) {
      case 'auth_request':
        if (session.features.has('error'))
          this.complain(session, message.id, 'already_authenticated', 'already authenticated');
        return;
      case 'subscribe':
      case 'unsubscribe':
        if (session.features.has('subscribe'))
          return this.choose(session, message.kind, message.id, message.subscription);
        return this.notUnderstood(session, message.id, 'unsupported_feature', 'it needs the feature subscribe');
      case 'question':
        if (session.features.has('responses'))
          return session.reply(message.id, this.questions.answer(session, message.question, message.filter));
        return this.notUnderstood(session, message.id, 'unsupported_feature', 'it needs the feature responses');
      case 'trade':
        if (session.features.has('responses'))
          return inBackground('a trading request', this.desk.carryOut(session, message.id, message.request));
        return this.notUnderstood(session, message.id, 'unsupported_feature', 'it needs the feature responses');
      default:
        return this.notUnderstood(session, message.id, 'invalid_message_format', 'client_message: unknown variant');
    }
  }

  hurried({ key }: Session): void {
    this.metrics.refused(key, 'rate_limited');
  }

  left(connection: Connection, name: CloseName): void {
    this.sessions.leave(connection);
    this.metrics.closed(name);
    const { session, address } = connection;
    if (session) {
      this.slots.free(session.id);
      this.followers.leave(session);
    }
    this.logger.log({ msg: 'left', reason: name, address, sessionId: session?.id, keyId: session?.key.id });
  }

  private async check(connection: Connection, request: AuthRequest): Promise<void> {
    const sessionId = newId();
    const arrival = { address: connection.address, now: this.clock.now() };
    const verdict = await this.admission.check(request.secretKey, sessionId, arrival);
    if (verdict.result === 'success') {
      let isIn = false;
      try {
        const resume = request.features && request.cursor !== null ? await this.resumeOf(request.cursor) : null;
        isIn = connection.isEntering && this.welcome(connection, request, resume, sessionId, verdict.credential);
      } finally {
        if (!isIn) this.slots.free(sessionId);
      }
      return;
    }
    if (verdict.key) this.metrics.refused(verdict.key, verdict.result === 'too_many' ? 'too_many' : 'former_secret');
    if (!connection.isEntering) return;
    if (verdict.result === 'too_many') return connection.queue.end('too_many');
    const close = verdict.result === 'unauthorized' ? 'unauthorized' : 'try_again_later';
    const { elsewhere } = verdict;
    const told = elsewhere !== undefined && request.features ? { cell: elsewhere } : {};
    this.refuse(connection, request.id, verdict.result, close, told);
  }

  /** `told` is for those who negotiate features: others may stumble over what they do not know. */
  private refuse(
    connection: Connection,
    id: string,
    result: Exclude<AuthOutcome, 'success'>,
    close: CloseName,
    told: { readonly cell?: string } = {},
  ): void {
    connection.queue.sendText(encodeEnvelope(id, authResult(result, null, told)));
    connection.queue.end(close);
  }

  /**
   * In one go: nothing can happen between what the client is told of the past and its first live event.
   * False for a key that was revoked meanwhile.
   */
  private welcome(
    connection: Connection,
    request: AuthRequest,
    resume: Resume | null,
    id: Uuid,
    credential: Credential,
  ): boolean {
    const { key } = credential;
    if (this.sessions.isRevoked(key.id)) {
      this.refuse(connection, request.id, 'unauthorized', 'unauthorized');
      return false;
    }
    const features = new Set<Feature>(request.features ?? []);
    const chooses = features.has('subscribe');
    const goesOn = resume?.result === 'replayed';
    const session = new Session(connection.queue, {
      id,
      credential,
      features,
      topics: chooses ? new Topics() : Topics.all(key.prices),
      owed: chooses && resume ? (goesOn ? { after: resume.position } : 'snapshot') : null,
      cursor: chooses && goesOn ? resume.cursor : this.cursors.upTo(this.runner.position),
      newId,
    });
    this.sessions.begin(connection, session);
    this.metrics.began();
    this.logger.log({ msg: 'began', address: connection.address, sessionId: session.id, keyId: key.id });

    const granted = request.features && grantSiblings(this.grant(session, resume?.result ?? null));
    const siblings = features.has('responses') ? { message_response_id: request.id } : {};
    const result = authResult('success', session.id, granted ?? {});
    session.queue.sendText(encodeEnvelope(request.id, result, siblings));
    if (this.upstream.isLost) session.announceGap();
    if (chooses) return true;
    if (goesOn) this.play(session, this.playback.replay(session, resume.position));
    else if (resume || features.has('snapshot'))
      this.play(session, this.playback.snapshot(session, EVENT_TOPICS, anyOf));
    return true;
  }

  /** Rejects where the log cannot say. */
  private async resumeOf(cursor: string): Promise<Resume> {
    const position = this.cursors.positionOf(cursor);
    // What its client has seen elsewhere stands in the log, however late the feed is here.
    if (position !== null && position > this.runner.position) await this.runner.check();
    if (position === null || (await this.isBeyond(position))) return { result: 'future_cursor', position: 0, cursor };
    const isKept = await this.retention.reachesBackTo(position);
    return { result: isKept ? 'replayed' : 'outdated_cursor', position, cursor };
  }

  /** Whether the log ends before it. What the log holds and is not here yet comes by the feed, or its client comes back. */
  private async isBeyond(position: number): Promise<boolean> {
    if (position <= this.runner.position) return false;
    if (await this.retention.endsBefore(position)) return true;
    const at = this.runner.position;
    this.logger.warn({ msg: 'a cursor is ahead of what was read of the log', position, at });
    if (await this.runner.reached(position, CATCH_UP_MS)) return false;
    throw new Error(`the log holds position ${position}, and it was read up to ${at}`);
  }

  private grant({ features, key, keyEndsAtMs }: Session, resume: Grant['resume']): Grant {
    const { inboundFrameMaxBytes, inboundPerSecond, pingIntervalMs, pongTimeoutMs, sessionMaxAgeMs } = this.limits;
    return {
      features: [...features],
      scopes: scopesOf(key),
      expiresAt: keyEndsAtMs === Infinity ? null : instantFromMs(keyEndsAtMs),
      resume,
      serverTime: now(),
      maxMessageBytes: inboundFrameMaxBytes,
      clientMessagesPerSecond: key.messagesPerSecond ?? inboundPerSecond,
      ...{ pingIntervalMs, pongTimeoutMs, sessionMaxAgeMs },
      resumeMaxAgeMs: this.past.resumeMaxAgeMs,
      resumeMaxEvents: this.past.replayMaxEvents,
    };
  }

  /** A log that cannot be read ends the session: its client comes back and asks again. */
  private play(session: Session, playing: Promise<void>): void {
    playing.catch((error: unknown) => {
      this.logger.error({ msg: 'playback failed', sessionId: session.id, err: error });
      session.queue.end('try_again_later');
    });
  }

  /** All or nothing. */
  private choose(
    session: Session,
    kind: 'subscribe' | 'unsubscribe',
    id: string,
    subscription: TopicSubscription,
  ): void {
    const { topics: names, account_ids: accounts = null, asset_pairs: instruments = null } = subscription;
    const topics = names.filter(isTopic);
    const allPrices = kind === 'subscribe' && topics.includes('prices') && instruments === null;
    const isTooMuch = allPrices && this.prices.offeredTo(session) > UNNAMED_PRICES_MAX;
    const refusal = this.refusalOf(session, names, topics, accounts, instruments);
    const error = refusal ?? (isTooMuch ? 'too_many_subscriptions' : null);
    session.reply(id, subscriptionResult(kind, error));
    if (error) return;
    for (const topic of topics) {
      const ids = topic === 'prices' ? instruments : accounts;
      if (kind === 'subscribe') session.topics.add(topic, ids);
      else session.topics.remove(topic, ids);
    }
    const events = EVENT_TOPICS.filter((topic) => topics.includes(topic));
    if (kind === 'unsubscribe' || events.length === 0) return;
    const { owed } = session;
    session.owed = null;
    if (owed !== null && owed !== 'snapshot' && this.retention.isNear(owed.after))
      this.play(session, this.playback.replay(session, owed.after));
    else if (owed !== null || session.features.has('snapshot'))
      this.play(
        session,
        this.playback.snapshot(session, events, accounts === null ? anyOf : (id) => accounts.includes(id)),
      );
  }

  private refusalOf(
    session: Session,
    names: readonly string[],
    topics: readonly Topic[],
    accounts: readonly string[] | null,
    instruments: readonly string[] | null,
  ): SessionErrorCode | null {
    const named = new Set([...session.topics.named, ...(accounts ?? []), ...(instruments ?? [])]);
    if (named.size > NAMED_MAX) return 'too_many_subscriptions';
    if (topics.length < names.length || (topics.includes('prices') && !session.key.prices)) return 'unknown_topic';
    if (accounts && !accounts.every((id) => this.questions.isVisible(session, id))) return 'account_not_found';
    return session.catchUp ? 'rate_limited' : null;
  }

  private complain(session: Session, id: string, code: SessionErrorCode, text: string): void {
    session.reply(id, errorMessage(code, text, false));
  }

  private notUnderstood(session: Session, id: string, code: SessionErrorCode, text: string): void {
    if (session.features.has('error')) this.complain(session, id, code, text);
    else session.queue.end('invalid_message_format');
  }
}

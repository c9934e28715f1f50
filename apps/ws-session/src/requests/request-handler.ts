import type { ClientMessage, Feature, TopicSubscription } from '@core/ws-session/client-message';
import type { CloseName } from '@core/ws-session/close-code';
import {
  errorMessage,
  grantSiblings,
  subscriptionResult,
  type SessionErrorCode,
  type Grant,
} from '@core/ws-session/extension-message';
import { authResult, encodeEnvelope, type AuthOutcome } from '@core/ws-session/server-message';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { AccessKey } from '@core/registry/entities';
import { newId, now } from '@core/service/clock';
import { inBackground } from '@core/service/in-background';
import { Injectable, Logger } from '@nestjs/common';
import { Admission } from '../connection/admission.ts';
import { EVENT_TOPICS, type Topic } from '../connection/broadcast.ts';
import { ConnectionSettings, PlaybackSettings } from '../config.ts';
import type { Connection, ConnectionListener } from '../connection/connection.ts';
import { LogCursors } from '../log/log-cursors.ts';
import { SessionMetrics } from '../connection/metrics.ts';
import { Playback } from '../log/playback.ts';
import { Questions } from './questions.ts';
import { Session } from '../connection/session.ts';
import { Sessions } from '../connection/sessions.ts';
import { SteadyClock } from '../connection/steady-clock.ts';
import { isTopic, Topics } from '../connection/topics.ts';

type AuthRequest = Extract<ClientMessage, { kind: 'auth_request' }>;

/** How long a session waits for events its client has already seen elsewhere. */
const RESUME_WAIT_MS = 2_000;
const NAMED_MAX = 1_000;

/** Lets clients in and serves what they ask for. */
@Injectable()
export class RequestHandler implements ConnectionListener {
  private readonly logger = new Logger(RequestHandler.name);

  constructor(
    private readonly admission: Admission,
    private readonly sessions: Sessions,
    private readonly playback: Playback,
    private readonly questions: Questions,
    private readonly runner: ProjectionRunner,
    private readonly cursors: LogCursors,
    private readonly metrics: SessionMetrics,
    private readonly clock: SteadyClock,
    private readonly limits: ConnectionSettings,
    private readonly replay: PlaybackSettings,
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
        if (session.features.has('error')) this.complain(session, message.id, 'already_authenticated');
        return;
      case 'subscribe':
      case 'unsubscribe':
        if (session.features.has('subscribe'))
          return this.choose(session, message.kind, message.id, message.subscription);
        return this.notUnderstood(session, message.id, 'unsupported_feature');
      case 'question':
        if (session.features.has('responses'))
          return session.reply(message.id, this.questions.answer(session, message.question, message.filter));
        return this.notUnderstood(session, message.id, 'unsupported_feature');
      default:
        return this.notUnderstood(session, message.id, 'invalid_message_format');
    }
  }

  left(connection: Connection, name: CloseName): void {
    this.sessions.leave(connection);
    this.metrics.closed(name);
    const { session, address } = connection;
    this.logger.log({ msg: 'left', reason: name, address, sessionId: session?.id, keyId: session?.key.id });
  }

  private async check(connection: Connection, request: AuthRequest): Promise<void> {
    const verdict = await this.admission.check(request.secretKey, connection.address, this.clock.now());
    const position = request.features && request.cursor !== null ? this.cursors.positionOf(request.cursor) : null;
    if (position !== null) await this.runner.reached(position, RESUME_WAIT_MS);
    if (!connection.isEntering) return;
    if (verdict.result === 'success') return this.welcome(connection, request, verdict.key);
    if (verdict.result === 'too_many') return connection.queue.end('too_many');
    const close = verdict.result === 'unauthorized' ? 'unauthorized' : 'try_again_later';
    this.refuse(connection, request.id, verdict.result, close);
  }

  private refuse(connection: Connection, id: string, result: Exclude<AuthOutcome, 'success'>, close: CloseName): void {
    connection.queue.send(Buffer.from(encodeEnvelope(id, authResult(result, null))));
    connection.queue.end(close);
  }

  /** In one go: nothing can happen between what the client is told of the past and its first live event. */
  private welcome(connection: Connection, request: AuthRequest, key: AccessKey): void {
    const may = this.sessions.mayBegin(key.id);
    if (may === 'revoked') return this.refuse(connection, request.id, 'unauthorized', 'unauthorized');
    if (may === 'too_many') return connection.queue.end('too_many');

    const features = new Set<Feature>(request.features ?? []);
    const resume = request.features && request.cursor !== null ? this.resumeOf(request.cursor) : null;
    const chooses = features.has('subscribe') && resume === null;
    const session = new Session(connection.queue, {
      id: newId(),
      key,
      features,
      topics: chooses ? new Topics() : Topics.all(key.prices),
      cursor: this.cursors.upTo(this.runner.position),
      newId,
    });
    this.sessions.begin(connection, session);
    this.metrics.began();
    this.logger.log({ msg: 'began', address: connection.address, sessionId: session.id, keyId: key.id });

    const granted = request.features && grantSiblings(this.grant(request.features, resume?.result ?? null));
    const siblings = features.has('responses') ? { message_response_id: request.id } : {};
    const result = authResult('success', session.id, granted ?? {});
    session.queue.send(Buffer.from(encodeEnvelope(request.id, result, siblings)));
    if (resume?.result === 'replayed') return this.play(session, this.playback.replay(session, resume.position));
    if (resume || (features.has('snapshot') && !chooses))
      this.play(
        session,
        this.playback.snapshot(session, EVENT_TOPICS, () => true),
      );
  }

  private resumeOf(text: string): { readonly result: NonNullable<Grant['resume']>; readonly position: number } {
    const position = this.cursors.positionOf(text);
    const head = this.runner.position;
    if (position === null || position > head) return { result: 'future_cursor', position: 0 };
    const isFar = head - position > this.replay.replayMaxEvents;
    return { result: isFar ? 'outdated_cursor' : 'replayed', position };
  }

  private grant(features: readonly Feature[], resume: Grant['resume']): Grant {
    const { inboundFrameMaxBytes, inboundPerSecond, pingIntervalMs, pongTimeoutMs, sessionMaxAgeMs } = this.limits;
    const limits = { maxMessageBytes: inboundFrameMaxBytes, clientMessagesPerSecond: inboundPerSecond };
    return { features, resume, serverTime: now(), ...limits, pingIntervalMs, pongTimeoutMs, sessionMaxAgeMs };
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
    const error = this.refusalOf(session, names, topics, accounts, instruments);
    session.reply(id, subscriptionResult(kind, error));
    if (error) return;
    for (const topic of topics) {
      const ids = topic === 'prices' ? instruments : accounts;
      if (kind === 'subscribe') session.topics.add(topic, ids);
      else session.topics.remove(topic, ids);
    }
    const events = topics.filter((topic) => topic !== 'prices');
    if (kind === 'unsubscribe' || events.length === 0 || !session.features.has('snapshot')) return;
    this.play(
      session,
      this.playback.snapshot(session, events, (each) => accounts === null || accounts.includes(each)),
    );
  }

  private refusalOf(
    session: Session,
    names: readonly string[],
    topics: readonly Topic[],
    accounts: readonly string[] | null,
    instruments: readonly string[] | null,
  ): SessionErrorCode | null {
    if (topics.length < names.length || (topics.includes('prices') && !session.key.prices)) return 'unknown_topic';
    if (accounts && !accounts.every((id) => this.questions.isVisible(session, id))) return 'account_not_found';
    const named = new Set([...session.topics.named, ...(accounts ?? []), ...(instruments ?? [])]);
    if (named.size > NAMED_MAX) return 'too_many_subscriptions';
    return session.catchUp ? 'rate_limited' : null;
  }

  private complain(session: Session, id: string, code: SessionErrorCode): void {
    session.reply(id, errorMessage(code, code.replaceAll('_', ' '), false));
  }

  private notUnderstood(session: Session, id: string, code: SessionErrorCode): void {
    if (session.features.has('error')) this.complain(session, id, code);
    else session.queue.end('invalid_message_format');
  }
}

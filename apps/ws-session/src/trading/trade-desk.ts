import { CommandClient, LedgerUnavailable } from '@core/bus/command-client';
import type { Answer } from '@core/contracts/command';
import type { RecordedEvent } from '@core/contracts/event';
import type { WishType } from '@core/contracts/events/refusal';
import type { AccountId, RequestId } from '@core/contracts/primitives';
import { OrderLimit } from '@core/edge/order-limit';
import { RefusalTeller, askedFor } from '@core/edge/refusal-teller';
import { TradingAccess, type TradingOutcome } from '@core/edge/trading-access';
import { EventLog } from '@core/event-log/event-log';
import { fold } from '@core/kernel/projection';
import { uuidV5 } from '@core/kernel/uuid';
import { ProjectionRunner, type Frozen } from '@core/projection-runner/projection-runner';
import { isEnd, SESSION_EDGE, sessionRequests, type SessionRequest } from '@core/views/ws-session/session-requests';
import {
  tradeFailureOf,
  requestUpdate,
  tradeAnswer,
  tradeFailure,
  type TradeFailure,
  type TradeStatus,
} from '@core/ws-session/trade-answer';
import { commandOf, type TradeRequest } from '@core/ws-session/trade-request';
import { Injectable, Logger } from '@nestjs/common';
import { TradeSettings } from '../config.ts';
import { SessionMetrics } from '../connection/metrics.ts';
import type { Session } from '../connection/session.ts';
import { Accounts } from '../log/accounts.ts';
import { OrderRates } from './order-rates.ts';
import { TradeFollowers } from './trade-followers.ts';

const refused = (code: TradeFailure['code'], text: string): TradeFailure => ({ code, text, isFinal: true });
const NO_RIGHT = refused('unauthorized', 'this key may not trade');
const NO_ACCOUNT = refused('account_not_found', 'account not found');
const TOO_MANY: TradeFailure = { code: 'rate_limited', text: 'too many orders', isFinal: false };
const NO_ANSWER: TradeFailure = {
  code: 'network_error',
  text: 'nobody answered in time, so it may have been taken: repeat it under its process_id',
  isFinal: false,
};
const WISHES = {
  place_order: 'PlaceOrder',
  update_order: 'Amend',
  cancel_order: 'CancelOrder',
  close_position: 'ClosePosition',
  update_position: 'Amend',
} as const satisfies Record<TradeRequest['name'], WishType>;
const FAILED: TradeFailure = {
  code: 'unexpected',
  text: 'it failed here: repeat it under its process_id',
  isFinal: false,
};

/**
 * What sessions ask of brokers, as commands of the ledger. The same process id of the same key and account is the same
 * request for ever, whichever instance takes it.
 */
@Injectable()
export class TradeDesk {
  private readonly logger = new Logger(TradeDesk.name);

  constructor(
    private readonly settings: TradeSettings,
    private readonly commands: CommandClient,
    private readonly runner: ProjectionRunner,
    private readonly log: EventLog,
    private readonly accounts: Accounts,
    private readonly limit: OrderLimit,
    private readonly rates: OrderRates,
    private readonly followers: TradeFollowers,
    private readonly access: TradingAccess,
    private readonly refusals: RefusalTeller,
    private readonly metrics: SessionMetrics,
  ) {
    runner.onEach((event) => this.tell(event));
  }

  /** Answers the session once the ledger has taken the request or refused it, and with what nobody knows otherwise. */
  async carryOut(session: Session, messageId: string, request: TradeRequest): Promise<void> {
    const { process_id: processId, account_id: accountId } = request.body;
    const beganMs = performance.now();
    const id = uuidV5(accountId, `${SESSION_EDGE}|${session.key.id}|${processId}`);
    this.followers.add(id, session);
    const done = await this.ask(session, id, request).catch((error: unknown) => this.unanswered(session, error));
    this.access.answered({
      ...{ request: request.name, accountId, requestId: id, correlationId: id },
      ...('code' in done ? { outcome: outcomeOf(done), reason: done.code } : { outcome: 'taken', reason: null }),
      ms: performance.now() - beganMs,
    });
    if ('code' in done) {
      this.followers.drop(id, session);
      this.metrics.refused(session.key, done.code);
      return session.reply(messageId, tradeFailure(request.name, done));
    }
    session.reply(messageId, tradeAnswer(this.statusOf(accountId, done)));
    if (isEnd(done.state)) this.followers.drop(id, session);
    else this.followers.answered(id, session);
  }

  private async ask(session: Session, id: RequestId, request: TradeRequest): Promise<SessionRequest | TradeFailure> {
    const { process_id: reference, account_id: accountId } = request.body;
    if (!session.key.trade) return NO_RIGHT;
    const account = this.accounts.find(accountId);
    if (account === null || !session.maySee(accountId, account.traderId)) return NO_ACCOUNT;
    const command = commandOf(request, { edge: SESSION_EDGE, reference });
    if (!command.ok) return this.refuse(id, request, refused(command.error.code, command.error.text));
    const isNewOrder = request.name === 'place_order' && this.known(accountId, id) === undefined;
    const tooMany = isNewOrder ? await this.tooManyOf(session, accountId) : null;
    if (tooMany !== null) return this.refuse(id, request, TOO_MANY, `more than ${tooMany}`);

    const timeoutMs = this.settings.commandTimeoutMs;
    const answer = await this.commands.ask(accountId, command.value, { id, correlation: id, timeoutMs });
    return answer.ok ? this.taken(id, request, answer) : tradeFailureOf(answer.refusal);
  }

  /** Which limit one more order is beyond: its key's over all instances, or its account's here. */
  private async tooManyOf({ key }: Session, account: AccountId): Promise<string | null> {
    const { keyOrdersPerMinute, keyOrdersBurst } = this.settings;
    if (!(await this.rates.take(key.id)))
      return `${keyOrdersBurst} at once and ${keyOrdersPerMinute} a minute of a key`;
    return this.limit.take(account) ? null : this.limit.terms;
  }

  /** Our own no, of which the ledger would know nothing. `why` is what the client is not told of it. */
  private refuse(requestId: RequestId, { name, body }: TradeRequest, failure: TradeFailure, why = ''): TradeFailure {
    const { account_id: accountId, process_id: reference, ...asked } = body;
    this.refusals.tell(accountId, {
      ...{ command: WISHES[name], requestId, reason: failure.code },
      text: [failure.text, why, `asked for: ${askedFor(asked)}`].filter(Boolean).join('; '),
      requester: { edge: SESSION_EDGE, reference },
    });
    return failure;
  }

  /** What became of it so far. One that nobody remembers is asked of the log; one that changed nothing is done. */
  private async taken(
    id: RequestId,
    { name, body: { account_id: accountId, process_id: processId } }: TradeRequest,
    { position }: Extract<Answer, { ok: true }>,
  ): Promise<SessionRequest> {
    await this.runner.reached(position, this.settings.viewTimeoutMs);
    const request = this.known(accountId, id) ?? fold(sessionRequests, await this.log.readCorrelation(id)).requests[id];
    return request ?? { id, name, processId, state: 'accepted', why: null, text: null, keptUntil: null };
  }

  private unanswered({ id: sessionId }: Session, error: unknown): TradeFailure {
    if (error instanceof LedgerUnavailable) return NO_ANSWER;
    this.logger.error({ msg: 'a trading request failed', sessionId, err: error });
    return FAILED;
  }

  private tell({ subject }: RecordedEvent): void {
    const { requests, latest } = this.runner.state(sessionRequests, subject);
    const request = latest === null ? undefined : requests[latest];
    if (request) this.followers.tell(request, requestUpdate(this.statusOf(subject, request)));
  }

  private known(account: AccountId, id: RequestId): Frozen<SessionRequest> | undefined {
    return this.runner.state(sessionRequests, account).requests[id];
  }

  private statusOf(accountId: AccountId, request: Frozen<SessionRequest>): TradeStatus {
    return { ...request, accountId, isCutOff: this.accounts.find(accountId)?.book.account.session.status !== 'open' };
  }
}

function outcomeOf(failure: TradeFailure): TradingOutcome {
  if (failure === NO_ANSWER) return 'unanswered';
  return failure === FAILED ? 'failed' : 'refused';
}

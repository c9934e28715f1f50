import { SYSTEM_ACCOUNT, Uuid, type AccountId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import { logLine, type LogLine } from '@core/operations/log-line';
import { brakesOf, type TradingBrake } from '@core/operations/trading-switch';
import { stateAt } from '@core/projection-runner/state-at';
import { stateChanges } from '@core/projection-runner/state-changes';
import { accountState } from '@core/projections/account';
import { accountOverview, type AccountOverview } from '@core/projections/overview';
import type { AccountName } from '@core/registry/account-identity';
import { Controller, Get, Header, NotFoundException, Param, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { accountHistory, type AccountHistory } from './account-history.ts';
import { AccountStandings } from './accounts.ts';
import { sessionAnswer, type SessionAnswer } from '@core/operations/session-answer';
import { OperatorGuard } from './session.guard.ts';

/** An account as it stood once everything up to a position was recorded. */
export interface AccountAnswer {
  readonly account: AccountId;
  /** As it is called now; null where nobody registered it. */
  readonly named: AccountName | null;
  /** The last event of its own that is in it. */
  readonly position: number;
  readonly overview: AccountOverview;
  /** Its brakes and those of everyone, as they held then. */
  readonly brakes: readonly TradingBrake[];
}

/** A field that is not what it was, and the event that left it so. */
export interface ChangeAnswer {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly by: LogLine;
  /** How many events changed it. */
  readonly times: number;
}

const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const MomentOfLog = z.object({ at: Position.optional() });
export const StretchOfLog = z.object({ from: Position, to: Position });

@Controller('api/accounts')
@UseGuards(OperatorGuard)
export class OperatedAccountsController {
  constructor(
    private readonly accounts: AccountStandings,
    private readonly log: EventLog,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(): Promise<readonly SessionAnswer[]> {
    await this.accounts.refresh();
    return this.accounts.standings().map(sessionAnswer);
  }

  /** Now, or as it was at a position of the log. */
  @Get(':account')
  @Header('cache-control', 'no-store')
  async one(@Param('account') id: string, @Query() asked: unknown): Promise<AccountAnswer> {
    const account = Uuid.parse(id);
    const { at } = MomentOfLog.parse(asked);
    const until = at === undefined ? {} : { position: at };
    const overview = await stateAt(this.log, accountOverview, account, until);
    if (overview.account.version === 0)
      throw new NotFoundException(
        `nothing is recorded of ${account}${at === undefined ? '' : ` up to position ${at}`}`,
      );
    const everyone =
      at === undefined ? this.accounts.everyone() : await stateAt(this.log, accountState, SYSTEM_ACCOUNT, until);
    const brakes = brakesOf(overview.account.trading, everyone.trading);
    const named = await this.accounts.nameOf(account);
    return { account, named, position: overview.account.position, overview, brakes };
  }

  @Get(':account/history')
  @Header('cache-control', 'no-store')
  history(@Param('account') id: string): Promise<AccountHistory> {
    return accountHistory(this.log, Uuid.parse(id));
  }

  /** What became of it after one position up to another. */
  @Get(':account/changes')
  @Header('cache-control', 'no-store')
  async changes(@Param('account') id: string, @Query() asked: unknown): Promise<readonly ChangeAnswer[]> {
    const changes = await stateChanges(this.log, accountOverview, Uuid.parse(id), StretchOfLog.parse(asked));
    return changes.map(({ path, left, right, last, times }) => ({
      ...{ path: path.join('.'), before: left ?? null, after: right ?? null, by: logLine(last), times },
    }));
  }
}

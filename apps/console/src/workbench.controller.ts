import { AccountId, SYSTEM_ACCOUNT, type RequestId } from '@core/contracts/primitives';
import { EventLog } from '@core/event-log/event-log';
import { unknownOutcomes } from '@core/operations/finding';
import { bodyOf, quarantineCases, type DecodedMessage, type QuarantineCase } from '@core/operations/quarantine';
import { brokersView } from '@core/operations/stuck';
import { stateAt } from '@core/projection-runner/state-at';
import { accountState, type AccountState } from '@core/projections/account';
import { accountOverview } from '@core/projections/overview';
import type { OpenRequest } from '@core/projections/requests';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AccountStandings } from './accounts.ts';
import { READ_ONLY } from './console-database.ts';
import { Bus } from './bus.ts';
import { Needs, OperatorGuard } from './session.guard.ts';

/** Most messages in quarantine that are shown; the newest. */
const MESSAGES_MAX = 200;

interface Whose {
  readonly account: AccountId;
  readonly name: string;
  readonly mode: 'demo' | 'live';
  readonly brokerLogin: string;
}

/** A message that waits for an operator, and what it says. */
export type QuarantinedMessage = QuarantineCase & DecodedMessage;

/** What waits for an operator's hand. */
export interface WorkbenchAnswer {
  readonly unknown: readonly (Whose & { readonly request: OpenRequest })[];
  readonly quarantine: readonly QuarantinedMessage[];
  readonly drifts: readonly (Whose & NonNullable<AccountState['reconciliation']['lastDrift']>)[];
}

/** By request, what its broker shows of it. */
export type LookAnswer = Readonly<Record<RequestId, string>>;

export const Looked = z.strictObject({ account: AccountId });

@Controller('api/workbench')
@UseGuards(OperatorGuard)
export class WorkbenchController {
  constructor(
    private readonly accounts: AccountStandings,
    @Inject(READ_ONLY) private readonly pool: Pool,
    private readonly log: EventLog,
    private readonly bus: Bus,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async read(): Promise<WorkbenchAnswer> {
    await this.accounts.refresh();
    const standings = this.accounts.standings().map(({ id, name, mode, brokerLogin, state, requests }) => ({
      whose: { account: id, name, mode, brokerLogin },
      state,
      requests,
    }));
    return {
      unknown: standings.flatMap(({ whose, requests }) =>
        unknownOutcomes(requests).map((request) => ({ ...whose, request })),
      ),
      quarantine: await this.quarantine(),
      drifts: standings.flatMap(({ whose, state: { reconciliation } }) =>
        reconciliation.last?.outcome === 'drift' && reconciliation.lastDrift
          ? [{ ...whose, ...reconciliation.lastDrift }]
          : [],
      ),
    };
  }

  /** Has the broker of an account looked at now: what it shows of each open request, in words. */
  @Post('look')
  @Needs('operate')
  @HttpCode(200)
  async look(@Body() body: unknown): Promise<LookAnswer> {
    const { account } = Looked.parse(body);
    const look = await this.bus.look(account);
    const overview = await stateAt(this.log, accountOverview, account);
    const requests = Object.values(overview.requests);
    return Object.fromEntries(requests.map((request) => [request.id, brokersView(request, overview, look)]));
  }

  private async quarantine(): Promise<readonly QuarantinedMessage[]> {
    const { quarantined } = await stateAt(this.log, accountState, SYSTEM_ACCOUNT);
    const waiting = (await quarantineCases(this.pool, quarantined)).filter(({ isWaiting }) => isWaiting);
    return Promise.all(
      waiting.slice(0, MESSAGES_MAX).map(async (each) => ({ ...each, ...(await bodyOf(this.pool, each.id)) })),
    );
  }
}

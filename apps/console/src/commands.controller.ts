import { RequestKind } from '@core/contracts/events/request';
import { AccountId, EdgeName, RequestId, SYSTEM_ACCOUNT, Text } from '@core/contracts/primitives';
import type { Accepted } from '@core/operations/accepted-at';
import type { Operator } from '@core/operations/console-link';
import { expectTyped } from '@core/operations/expect-typed';
import { switchCommand, TRADING_SWITCHES } from '@core/operations/trading-switch';
import type { Extent } from '@core/operations/whom';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { AccountStandings } from './accounts.ts';
import { Bus } from './bus.ts';
import { Asker, Needs, OperatorGuard } from './session.guard.ts';

/** Why; it is recorded. */
export const DecisionNote = Text.refine((text) => text.trim() !== '', 'says why');

export const Resolution = z.strictObject({
  account: AccountId,
  kind: RequestKind,
  requestId: RequestId,
  executed: z.boolean(),
  /** By what it can be seen. */
  evidence: DecisionNote,
  note: DecisionNote,
});

/**
 * `account` is the system account for everyone; `edge` is whose requests a shadow is of, and without it all. `typed` is
 * `everyone` where it concerns everyone, `live` of an account that trades for real, and left out otherwise.
 */
export const TradingSwitchForm = z.strictObject({
  account: AccountId,
  switch: z.enum(TRADING_SWITCHES),
  edge: EdgeName.nullable().optional(),
  typed: z.string().optional(),
  note: DecisionNote,
});

/** What becomes of a message in quarantine; a replacement is what it should have been, as JSON. */
export const Settlement = z.discriminatedUnion('as', [
  z.strictObject({ as: z.enum(['skipped', 'released']), messageId: Text, note: DecisionNote }),
  z.strictObject({ as: z.literal('replaced'), messageId: Text, note: DecisionNote, body: z.string().min(1) }),
]);

/** What operators decide: the commands of `ops`, with the name of whoever is logged in. */
@Controller('api/commands')
@UseGuards(OperatorGuard)
export class DecisionsController {
  constructor(
    private readonly bus: Bus,
    private readonly accounts: AccountStandings,
  ) {}

  @Post('resolve')
  @Needs('operate')
  @HttpCode(200)
  resolve(@Body() body: unknown, @Asker() { name }: Operator): Promise<Accepted> {
    const { account, ...data } = Resolution.parse(body);
    return this.bus.ask(account, { type: 'ResolveRequest', data: { ...data, operator: name } });
  }

  @Post('trading')
  @Needs('operate')
  @HttpCode(200)
  async trading(@Body() body: unknown, @Asker() { name }: Operator): Promise<Accepted> {
    const { account, switch: chosen, edge, typed, note } = TradingSwitchForm.parse(body);
    await this.accounts.refresh();
    expectTyped(this.extentOf(account), typed ?? null);
    return this.bus.ask(account, switchCommand(chosen, { operator: name, note }, edge));
  }

  @Post('quarantine')
  @Needs('operate')
  @HttpCode(200)
  quarantine(@Body() body: unknown, @Asker() { name }: Operator): Promise<Accepted> {
    const { as, ...asked } = Settlement.parse(body);
    const data = { ...asked, operator: name };
    if ('body' in data) return this.bus.ask(SYSTEM_ACCOUNT, { type: 'ReplaceMessage', data });
    return this.bus.ask(SYSTEM_ACCOUNT, { type: as === 'released' ? 'ReleaseMessage' : 'SkipMessage', data });
  }

  /** Of an account that is not known here nobody can say that it is not live. */
  private extentOf(account: AccountId): Extent {
    const isEveryone = account === SYSTEM_ACCOUNT;
    const known = this.accounts.standings().filter(({ id }) => isEveryone || id === account);
    const modes = known.length === 0 && !isEveryone ? ['live'] : known.map(({ mode }) => mode);
    return { isEveryone, accounts: modes.length, live: modes.filter((mode) => mode === 'live').length };
  }
}

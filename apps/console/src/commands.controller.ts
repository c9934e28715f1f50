import type { CommandBody } from '@core/contracts/command';
import { RequestKind } from '@core/contracts/events/request';
import { AccountId, EdgeName, RequestId, SYSTEM_ACCOUNT, Text } from '@core/contracts/primitives';
import type { Operator } from '@core/operations/console-link';
import { wordToType } from '@core/operations/gravity';
import { switchCommand, TRADING_SWITCHES } from '@core/operations/trading-switch';
import { BadRequestException, Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
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

/** What the ledger recorded of a command. */
export interface CommandAnswer {
  /** The last event that it led to. */
  readonly position: number;
}

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
  resolve(@Body() body: unknown, @Asker() { name }: Operator): Promise<CommandAnswer> {
    const { account, ...data } = Resolution.parse(body);
    return this.ask(account, { type: 'ResolveRequest', data: { ...data, operator: name } });
  }

  @Post('trading')
  @Needs('operate')
  @HttpCode(200)
  trading(@Body() body: unknown, @Asker() { name }: Operator): Promise<CommandAnswer> {
    const { account, switch: chosen, edge, typed, note } = TradingSwitchForm.parse(body);
    this.expectTyped(account, typed);
    return this.ask(account, switchCommand(chosen, { operator: name, note }, edge));
  }

  @Post('quarantine')
  @Needs('operate')
  @HttpCode(200)
  quarantine(@Body() body: unknown, @Asker() { name }: Operator): Promise<CommandAnswer> {
    const { as, ...asked } = Settlement.parse(body);
    const data = { ...asked, operator: name };
    if ('body' in data) return this.ask(SYSTEM_ACCOUNT, { type: 'ReplaceMessage', data });
    return this.ask(SYSTEM_ACCOUNT, { type: as === 'released' ? 'ReleaseMessage' : 'SkipMessage', data });
  }

  /** Of an account that is not known here nobody can say that it is not live. */
  private expectTyped(account: AccountId, typed: string | undefined): void {
    const mode = this.accounts.standings().find(({ id }) => id === account)?.mode;
    const word = wordToType({ isEveryone: account === SYSTEM_ACCOUNT, live: mode === 'demo' ? 0 : 1 });
    if (word !== null && word !== typed)
      throw new BadRequestException(`this concerns ${word === 'live' ? 'a live account' : 'everyone'}: type ${word}`);
  }

  private async ask(account: AccountId, wish: CommandBody): Promise<CommandAnswer> {
    return { position: await this.bus.ask(account, wish) };
  }
}

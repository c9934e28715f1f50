import type { AccountId } from '@core/contracts/primitives';
import type { Operator } from '@core/operations/console-link';
import { registered, type Registered } from '@core/operations/registry-acts/registered';
import { REGISTRY_ACTS } from '@core/operations/registry-acts/registry-acts';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { accountStrategies } from '@core/projections/strategies';
import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { DecisionNote } from './commands.controller.ts';
import { OperatorRegistry } from './operator-registry.ts';
import { RegistryDesk, type PlanAnswer } from './registry-desk.ts';
import { Asker, Needs, OperatorGuard } from './session.guard.ts';

const SECRET_MAX = 1_024;

/** `wish` is what is said of it: the arguments and options of `npm run ops` of the same words. */
export const RegistryPlanForm = z.strictObject({ act: z.enum(REGISTRY_ACTS), wish: z.looseObject({}) });

/** `typed` is what the plan wants typed, `secret` the password that it takes. */
export const RegistryActForm = RegistryPlanForm.extend({
  note: DecisionNote,
  secret: z.string().max(SECRET_MAX).default(''),
  typed: z.string().nullable().default(null),
});

/** Who may do what; null where this console may not look. */
export interface RegistryAnswer {
  readonly registered: Registered | null;
}

/** What was done. */
export interface RegistryActAnswer {
  readonly text: string;
  /** Made by it; nobody is shown it again. */
  readonly secret: { readonly name: string; readonly value: string } | null;
  /** Where the log says who did it; null where it learns that with the next change. */
  readonly position: number | null;
}

/** Traders, accounts, keys, integrations and operators: by the code of `ops`, and by its login at Postgres. */
@Controller('api/registry')
@UseGuards(OperatorGuard)
export class RegistryController {
  constructor(
    private readonly registry: OperatorRegistry,
    private readonly desk: RegistryDesk,
    private readonly runner: ProjectionRunner,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async read(): Promise<RegistryAnswer> {
    if (!this.registry.isThere) return { registered: null };
    const consentsOf = (account: AccountId) => this.runner.state(accountStrategies, account).consents;
    return { registered: await registered(await this.registry.registry(), consentsOf) };
  }

  /** Whom an act would concern, and what it takes; changes nothing. */
  @Post('plan')
  @Needs('admin')
  @HttpCode(200)
  plan(@Body() body: unknown): Promise<PlanAnswer> {
    const { act, wish } = RegistryPlanForm.parse(body);
    return this.desk.plan(act, wish);
  }

  @Post()
  @Needs('admin')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async act(@Body() body: unknown, @Asker() operator: Operator): Promise<RegistryActAnswer> {
    const { act, wish, ...agreed } = RegistryActForm.parse(body);
    const [{ text, secret }, position] = await this.desk.carryOut(act, wish, agreed, operator);
    return { text, secret, position };
  }
}

import { AccountId, Text } from '@core/contracts/primitives';
import type { Operator } from '@core/operations/console-link';
import { RELEASE_ACTS, releaseWish } from '@core/operations/release-act';
import type { Build } from '@core/projection-runner/releases';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { DecisionNote } from './commands.controller.ts';
import { FoldSteps, type StepAnswer } from './fold-steps.ts';
import { Projections, type ComparisonAnswer, type ProjectionsAnswer } from './projections.ts';
import { RegistryChanges } from './registry-changes.ts';
import { Asker, Needs, OperatorGuard } from './session.guard.ts';

const Version = z.coerce.number().int().min(0).max(1_000_000);

export const StepPlace = z.object({
  fold: Text,
  version: Version.optional(),
  against: Version.optional(),
  account: AccountId,
  at: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** `version` is of what is to be built; the newest that is carried, or the served one anew, where it is left out. */
export const ReleaseForm = z.strictObject({
  owner: Text,
  name: Text,
  act: z.enum(RELEASE_ACTS),
  version: z.int().min(0).optional(),
  note: DecisionNote,
});

/** What was decided of which build; `position` is null where the log learns it with the next change. */
export interface ReleaseAnswer {
  readonly build: Build;
  readonly position: number | null;
}

/** Projections are released like software, by the code of `ops projections`. */
@Controller('api/projections')
@UseGuards(OperatorGuard)
export class ProjectionsController {
  constructor(
    private readonly projections: Projections,
    private readonly steps: FoldSteps,
    private readonly changes: RegistryChanges,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(): Promise<ProjectionsAnswer> {
    return this.projections.list();
  }

  /** What one event of an account did to a fold. */
  @Get('step')
  @Header('cache-control', 'no-store')
  step(@Query() asked: unknown): Promise<StepAnswer> {
    return this.steps.at(StepPlace.parse(asked));
  }

  /** What is served beside what was filled, or was served before. */
  @Get(':owner/:name/difference')
  @Header('cache-control', 'no-store')
  difference(@Param('owner') owner: string, @Param('name') name: string): Promise<ComparisonAnswer> {
    return this.projections.compare(owner, name);
  }

  @Post()
  @Needs('admin')
  @HttpCode(200)
  async decide(@Body() body: unknown, @Asker() { name: operator }: Operator): Promise<ReleaseAnswer> {
    const { owner, name, act, version, note } = ReleaseForm.parse(body);
    const released = await this.projections.named(owner, name);
    const { build, decision, told } = releaseWish(released, act, version === undefined ? undefined : String(version));
    const by = { operator, note };
    const { position } = await this.changes.release({ ...told, ...by }, ({ releases }) =>
      releases.decide({ ...decision, ...by }),
    );
    return { build, position };
  }
}

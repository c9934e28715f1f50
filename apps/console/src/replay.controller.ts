import type { Operator } from '@core/operations/console-link';
import { REPLAY_EDGES } from '@core/operations/replay-state';
import { Body, Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { Replays, type ReplayAnswer, type ReplayDifference } from './replays.ts';
import { Asker, Needs, OperatorGuard } from './session.guard.ts';

/** A position of the log, or a moment. */
const Place = z.string().regex(/^\d[\d T:.Z+-]{0,39}$/, 'a position of the log, or a moment: 2026-01-05T10:00:00Z');

/** `from`: what came before is there at once; `to` null is as far as the log has come. */
export const ReplayForm = z.strictObject({
  sandbox: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a sandbox has a short name of letters, digits and -'),
  from: Place.default('0'),
  to: Place.nullable().default(null),
  speed: z
    .string()
    .regex(/^(?:max|\d{1,4}(?:\.\d{1,3})?x)$/, 'a speed is like 1x, 10x or max')
    .default('max'),
  edges: z.array(z.enum(REPLAY_EDGES)).default([]),
  isPaused: z.boolean().default(false),
});

/** `pause` goes on where it is paused already. */
export const ReplayPress = z.strictObject({ key: z.enum(['pause', 'step', 'end']) });

/** The log once more, in a sandbox that no broker can be reached from. */
@Controller('api/replay')
@UseGuards(OperatorGuard)
export class ReplayController {
  constructor(private readonly replays: Replays) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(): Promise<ReplayAnswer> {
    return this.replays.read();
  }

  /** Where the replay stands beside the log as it is now. */
  @Get('difference')
  @Header('cache-control', 'no-store')
  difference(): Promise<ReplayDifference> {
    return this.replays.difference();
  }

  @Post()
  @Needs('operate')
  @HttpCode(204)
  begin(@Body() body: unknown, @Asker() { name }: Operator): void {
    this.replays.begin(ReplayForm.parse(body), name);
  }

  @Post('press')
  @Needs('operate')
  @HttpCode(204)
  async press(@Body() body: unknown): Promise<void> {
    await this.replays.press(ReplayPress.parse(body).key);
  }
}

import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { Needs, OperatorGuard } from './session.guard.ts';
import { SimulatorControl } from './simulator-control.ts';
import { SimulatedMessage, SimulatorStanding } from './simulator-shapes.ts';

const Symbol = z.string().min(1).max(64);
const FaultId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Moves bid and ask by so many points. */
export const MoveForm = z.strictObject({ points: z.int().min(-1_000_000).max(1_000_000) });

/** Whether a price walks by itself. */
export const HoldForm = z.strictObject({ hold: z.boolean() });

/** As the simulator’s control port takes it. */
export const FaultForm = z.looseObject({ kind: z.string().max(64) });

/** Whose connections are cut. */
export const CutForm = z.strictObject({
  userId: z.string().min(1).max(64),
  socket: z.enum(['main', 'stream']),
  how: z.enum(['drop', 'reset', 'close']),
});

export const TrafficPage = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  connection: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** A simulated broker as it stands. */
export type SimulatorAnswer = z.output<typeof SimulatorStanding>;

/** What passed on its connections, the oldest first. */
export type TrafficAnswer = readonly z.output<typeof SimulatedMessage>[];

const Done = z.unknown();

/**
 * The simulated broker, by its own control port and at the same addresses, for whoever may: nothing of it is in the log
 * but what its clients tell.
 */
@Controller('api/simulator')
@UseGuards(OperatorGuard)
export class SimulatorController {
  constructor(private readonly simulator: SimulatorControl) {}

  @Get('standing')
  @Header('cache-control', 'no-store')
  standing(): Promise<SimulatorAnswer> {
    return this.simulator.ask(SimulatorStanding, 'standing');
  }

  /** It begins with the first question: what passed before is not kept. */
  @Get('traffic')
  @Header('cache-control', 'no-store')
  traffic(@Query() asked: unknown): Promise<TrafficAnswer> {
    const { after, connection } = TrafficPage.parse(asked);
    const of = connection === undefined ? '' : `&connection=${connection}`;
    return this.simulator.ask(z.array(SimulatedMessage), `traffic?after=${after}${of}`);
  }

  @Post('prices/:symbol/move')
  @Needs('operate')
  @HttpCode(204)
  async move(@Param('symbol') symbol: string, @Body() body: unknown): Promise<void> {
    await this.simulator.ask(Done, `${priceOf(symbol)}/move`, { method: 'POST', body: MoveForm.parse(body) });
  }

  @Post('prices/:symbol/hold')
  @Needs('operate')
  @HttpCode(204)
  async hold(@Param('symbol') symbol: string, @Body() body: unknown): Promise<void> {
    await this.simulator.ask(Done, `${priceOf(symbol)}/hold`, { method: 'POST', body: HoldForm.parse(body) });
  }

  @Post('faults')
  @Needs('operate')
  @HttpCode(204)
  async fault(@Body() body: unknown): Promise<void> {
    await this.simulator.ask(Done, 'faults', { method: 'POST', body: FaultForm.parse(body) });
  }

  @Delete('faults')
  @Needs('operate')
  @HttpCode(204)
  async liftAll(): Promise<void> {
    await this.simulator.ask(Done, 'faults', { method: 'DELETE' });
  }

  @Delete('faults/:id')
  @Needs('operate')
  @HttpCode(204)
  async lift(@Param('id') id: string): Promise<void> {
    await this.simulator.ask(Done, `faults/${FaultId.parse(id)}`, { method: 'DELETE' });
  }

  @Post('disconnect')
  @Needs('operate')
  @HttpCode(204)
  async cut(@Body() body: unknown): Promise<void> {
    await this.simulator.ask(Done, 'disconnect', { method: 'POST', body: CutForm.parse(body) });
  }
}

const priceOf = (symbol: string): string => `prices/${encodeURIComponent(Symbol.parse(symbol))}`;

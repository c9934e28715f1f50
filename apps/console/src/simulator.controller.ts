import { Body, Controller, Get, Header, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { Needs, OperatorGuard } from './session.guard.ts';
import { SimulatorControl } from './simulator-control.ts';
import {
  FaultInForce,
  SimulatedConnection,
  SimulatedMessage,
  SimulatedPrice,
  SimulatedTrade,
} from './simulator-shapes.ts';

const TRADES_SHOWN = 100;

const Symbol = z.string().min(1).max(64);
const Price = z.string().max(40);

/** Sets a price, moves it by so many points, or says whether it walks by itself. */
export const PriceForm = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('set'), symbol: Symbol, bid: Price, hold: z.boolean() }),
  z.strictObject({ act: z.literal('move'), symbol: Symbol, points: z.int().min(-1_000_000).max(1_000_000) }),
  z.strictObject({ act: z.literal('hold'), symbol: Symbol, hold: z.boolean() }),
]);

/** As the simulator’s control port takes it. */
export const FaultForm = z.strictObject({ fault: z.looseObject({ kind: z.string().max(64) }) });

/** Null lifts all. */
export const LiftForm = z.strictObject({ id: z.int().min(1).nullable() });

/** Whose connections are cut. */
export const CutForm = z.strictObject({ userId: z.string().min(1).max(64), socket: z.enum(['main', 'stream']) });

export const TrafficPage = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  connection: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** A simulated broker as it stands. */
export interface SimulatorAnswer {
  readonly prices: readonly z.output<typeof SimulatedPrice>[];
  readonly faults: readonly z.output<typeof FaultInForce>[];
  readonly connections: readonly z.output<typeof SimulatedConnection>[];
  /** The last trades that were asked for, the newest first. */
  readonly trades: readonly z.output<typeof SimulatedTrade>[];
}

/** What passed on its connections, the oldest first. */
export interface TrafficAnswer {
  readonly messages: readonly z.output<typeof SimulatedMessage>[];
}

const Done = z.unknown();

/** The simulated broker, by its own control port: nothing of it is in the log but what its clients tell. */
@Controller('api/simulator')
@UseGuards(OperatorGuard)
export class SimulatorController {
  constructor(private readonly simulator: SimulatorControl) {}

  @Get()
  @Header('cache-control', 'no-store')
  async read(): Promise<SimulatorAnswer> {
    const [prices, faults, connections, trades] = await Promise.all([
      this.simulator.ask(z.array(SimulatedPrice), 'prices'),
      this.simulator.ask(z.array(FaultInForce), 'faults'),
      this.simulator.ask(z.array(SimulatedConnection), 'connections'),
      this.simulator.ask(z.array(SimulatedTrade), 'journal?limit=10000'),
    ]);
    return { prices, faults, connections, trades: trades.slice(-TRADES_SHOWN).toReversed() };
  }

  /** It begins with the first question: what passed before is not kept. */
  @Get('traffic')
  @Header('cache-control', 'no-store')
  async traffic(@Query() asked: unknown): Promise<TrafficAnswer> {
    const { after, connection } = TrafficPage.parse(asked);
    const of = connection === undefined ? '' : `&connection=${connection}`;
    return { messages: await this.simulator.ask(z.array(SimulatedMessage), `traffic?after=${after}${of}`) };
  }

  @Post('prices')
  @Needs('operate')
  @HttpCode(204)
  async price(@Body() body: unknown): Promise<void> {
    const { act, symbol, ...form } = PriceForm.parse(body);
    const path = `prices/${encodeURIComponent(symbol)}`;
    if (act === 'set') await this.simulator.ask(Done, path, { method: 'PUT', body: form });
    else await this.simulator.ask(Done, `${path}/${act}`, { method: 'POST', body: form });
  }

  @Post('faults')
  @Needs('operate')
  @HttpCode(204)
  async fault(@Body() body: unknown): Promise<void> {
    await this.simulator.ask(Done, 'faults', { method: 'POST', body: FaultForm.parse(body).fault });
  }

  @Post('faults/lift')
  @Needs('operate')
  @HttpCode(204)
  async lift(@Body() body: unknown): Promise<void> {
    const { id } = LiftForm.parse(body);
    await this.simulator.ask(Done, id === null ? 'faults' : `faults/${id}`, { method: 'DELETE' });
  }

  @Post('disconnect')
  @Needs('operate')
  @HttpCode(204)
  async cut(@Body() body: unknown): Promise<void> {
    await this.simulator.ask(Done, 'disconnect', { method: 'POST', body: { ...CutForm.parse(body), how: 'drop' } });
  }
}

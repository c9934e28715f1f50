import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  ParseIntPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { z } from 'zod';
import { Fault } from '../core/faults.ts';
import { BehaviourSettings, type BehaviourChanges } from '../core/behaviour-settings.ts';
import { RunningSimulator } from '../running.ts';
import type { ActionName } from './actions.ts';
import { ActionRefused } from './broker-control.ts';
import { performers } from './perform.ts';
import { connectionView } from './views.ts';
import type { PassedMessage } from '../server/traffic.ts';

export const TrafficQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  connection: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(2_000).default(200),
});

/** Connections, behaviour settings and faults. */
@Controller('control')
export class FaultsController {
  constructor(private readonly running: RunningSimulator) {}

  /** Where clients connect. */
  @Get('addresses')
  addresses() {
    return this.running.addresses;
  }

  /** What clients of TLS and WSS are to trust. */
  @Get('certificate')
  @Header('content-type', 'application/x-pem-file')
  certificate(): string {
    const { certificate } = this.running;
    if (certificate === null) throw new ActionRefused('not-found', 'neither TLS nor WSS is on');
    return certificate;
  }

  @Get('connections')
  connections() {
    return [...this.running.simulator.connections.all()].map(connectionView);
  }

  /** What passes on connections, from the first question on for as long as somebody asks. */
  @Get('traffic')
  traffic(@Query() query: unknown): readonly PassedMessage[] {
    const { after, connection = null, limit } = TrafficQuery.parse(query);
    return this.running.simulator.connections.traffic.after(after, connection, limit);
  }

  @Post('disconnect')
  @HttpCode(200)
  disconnect(@Body() body?: object) {
    return { connections: this.perform('disconnect', { ...body }) };
  }

  @Post('raw')
  @HttpCode(200)
  raw(@Body() body: unknown) {
    return { connections: this.perform('raw', body) };
  }

  @Get('knobs')
  behaviour() {
    return this.running.simulator.behaviour;
  }

  /** Fields that are not named keep their value. */
  @Patch('knobs')
  change(@Body() body: BehaviourChanges) {
    const { driver, simulator } = this.running;
    return driver.act(() => simulator.changeBehaviour(body));
  }

  @Delete('knobs')
  resetBehaviour() {
    const { driver, simulator } = this.running;
    return driver.act(() => simulator.changeBehaviour(BehaviourSettings.parse({})));
  }

  @Get('faults')
  faults() {
    return this.running.simulator.faults.list();
  }

  @Post('faults')
  set(@Body() body: unknown) {
    const fault = Fault.parse(body);
    return this.running.driver.act(() => this.running.simulator.faults.set(fault));
  }

  @Delete('faults')
  liftAll() {
    this.running.simulator.faults.liftAll();
    return { done: true };
  }

  @Delete('faults/:id')
  lift(@Param('id', ParseIntPipe) id: number) {
    if (!this.running.simulator.faults.lift(id)) throw new ActionRefused('not-found', `no fault ${id}`);
    return { done: true };
  }

  private perform(name: ActionName, input: unknown): unknown {
    const { driver, control } = this.running;
    return driver.act(() => performers[name](control, input));
  }
}

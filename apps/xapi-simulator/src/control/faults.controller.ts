import { Body, Controller, Delete, Get, Header, HttpCode, Param, ParseIntPipe, Patch, Post } from '@nestjs/common';
import { Fault } from '../core/faults.ts';
import { Knobs, type KnobChanges } from '../core/knobs.ts';
import { RunningSimulator } from '../running.ts';
import type { ActionName } from './actions.ts';
import { ActionRefused } from './hand.ts';
import { performers } from './perform.ts';
import { connectionView } from './views.ts';

/** Connections, knobs and faults. */
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
  knobs() {
    return this.running.simulator.knobs;
  }

  /** Fields that are not named keep their value. */
  @Patch('knobs')
  turn(@Body() body: KnobChanges) {
    const { driver, simulator } = this.running;
    return driver.act(() => simulator.turn(body));
  }

  @Delete('knobs')
  resetKnobs() {
    const { driver, simulator } = this.running;
    return driver.act(() => simulator.turn(Knobs.parse({})));
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
    const { driver, hand } = this.running;
    return driver.act(() => performers[name](hand, input));
  }
}

import { KeptText } from '@core/contracts/primitives';
import { Controller, Get, Header, Param, Query, UseGuards } from '@nestjs/common';
import { OperatorGuard } from './session.guard.ts';
import { Things, type FoundThing, type ThingAnswer } from './things.ts';

/** At least so much of a name, or half the log is meant. */
export const NameText = KeptText.trim().min(4).max(64);

/** What people name by an id, its first digits, or a number of the broker's. */
@Controller('api')
@UseGuards(OperatorGuard)
export class ThingsController {
  constructor(private readonly things: Things) {}

  @Get('find')
  @Header('cache-control', 'no-store')
  find(@Query('text') text: unknown): Promise<readonly FoundThing[]> {
    return this.things.find(NameText.parse(text));
  }

  @Get('things/:id')
  @Header('cache-control', 'no-store')
  thing(@Param('id') id: string): Promise<ThingAnswer> {
    return this.things.tell(NameText.parse(id));
  }
}

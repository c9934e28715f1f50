import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Overview, type OverviewAnswer } from './overview.ts';
import { OperatorGuard } from './session.guard.ts';

@Controller('api/overview')
@UseGuards(OperatorGuard)
export class OverviewController {
  constructor(private readonly overview: Overview) {}

  @Get()
  @Header('cache-control', 'no-store')
  read(): Promise<OverviewAnswer> {
    return this.overview.answer();
  }
}

import type { RecordedEvent } from '@core/contracts/event';
import { EventLog } from '@core/event-log/event-log';
import type { LogFilter } from '@core/event-log/log-filter';
import { LogSearch, type TypeCounts } from '@core/event-log/log-search';
import { csvHead, csvLine } from '@core/operations/event-rows';
import { logLine, type LogLine } from '@core/operations/log-line';
import { Controller, Get, Header, NotFoundException, Param, ParseIntPipe, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { LogPage, logFilterOf } from '@core/operations/log-query';
import { OperatorGuard } from './session.guard.ts';

type Asked = Readonly<Record<string, unknown>>;

/** A page of the log, the newest first. */
export interface LogAnswer {
  readonly lines: readonly LogLine[];
  /** Whether there may be others in the direction that was asked for. */
  readonly more: boolean;
}

/** Events of one round of an export. */
const EXPORTED = 2_000;

export const ExportFormat = z.enum(['ndjson', 'csv']);

/** The log as it was recorded, and what of it somebody wants. */
@Controller('api/log')
@UseGuards(OperatorGuard)
export class LogController {
  constructor(
    private readonly search: LogSearch,
    private readonly log: EventLog,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async page(@Query() { before, after, limit, ...asked }: Asked): Promise<LogAnswer> {
    const page = LogPage.parse({ before, after, limit });
    const window =
      page.after === undefined
        ? { before: page.before ?? Number.MAX_SAFE_INTEGER, limit: page.limit }
        : { after: page.after, limit: page.limit };
    const events = await this.search.page(logFilterOf(asked), window);
    return { lines: events.map(logLine), more: events.length === page.limit };
  }

  /** How many there are of each type, of what the rest of the filter lets through. */
  @Get('types')
  @Header('cache-control', 'no-store')
  types(@Query() asked: Asked): Promise<TypeCounts> {
    return this.search.countByType(logFilterOf(asked));
  }

  /** Exactly what the filter lets through, in the order of the log. */
  @Get('export')
  async export(@Query() { format, ...asked }: Asked, @Res() reply: FastifyReply): Promise<void> {
    const kind = ExportFormat.parse(format);
    const filter = logFilterOf(asked);
    const [type, lines] =
      kind === 'csv' ? ['text/csv; charset=utf-8', this.csv(filter)] : ['application/x-ndjson', this.ndjson(filter)];
    await reply
      .header('content-disposition', `attachment; filename="log.${kind}"`)
      .header('cache-control', 'no-store')
      .type(type)
      .send(Readable.from(lines));
  }

  /** One event whole, with its place. */
  @Get(':position')
  async event(@Param('position', ParseIntPipe) position: number): Promise<RecordedEvent> {
    const head = await this.log.head();
    if (position < 1 || position > head) throw new NotFoundException(`the log goes from 1 to ${head}`);
    for await (const [event] of this.log.read(position - 1)) if (event) return event;
    throw new NotFoundException(`there is no event ${position}`);
  }

  private async *events(filter: LogFilter): AsyncGenerator<readonly RecordedEvent[]> {
    for (let after = 0; ;) {
      const events = (await this.search.page(filter, { after, limit: EXPORTED })).toReversed();
      if (events.length > 0) yield events;
      const last = events.at(-1);
      if (last === undefined || events.length < EXPORTED) return;
      after = last.position;
    }
  }

  private async *ndjson(filter: LogFilter): AsyncGenerator<string> {
    for await (const events of this.events(filter)) yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
  }

  private async *csv(filter: LogFilter): AsyncGenerator<string> {
    yield `${csvHead()}\n`;
    for await (const events of this.events(filter)) yield events.map((event) => `${csvLine(event)}\n`).join('');
  }
}

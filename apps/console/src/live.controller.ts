import { logLine, type LogLine } from '@core/operations/log-line';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { inBackground } from '@core/service/in-background';
import { Controller, Get, HttpException, HttpStatus, Req, Res, UseGuards, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { sessionToken } from './session-cookie.ts';
import { OperatorGuard } from './session.guard.ts';
import { OperatorSessions } from './sessions.ts';

/** Pages that are open at once, of everybody together. */
const STREAMS_MAX = 200;
/** What a browser that does not read may have waiting before its stream ends; it comes again by itself. */
const WAITING_MAX_BYTES = 4 * 1024 * 1024;
/** Lines of one message: more at once is told as its end alone, and pages read the log again. */
const LINES_MAX = 500;
/** A stream shows that it lives, notices that nobody reads it any more, and ends with its reader’s session. */
const BEAT_MS = 5_000;

/** What a page hears of the log: where it ends now, and the new lines, the oldest first. Without lines there were too many. */
export interface LiveMessage {
  readonly head: number;
  readonly lines: readonly LogLine[] | null;
}

/** What is recorded, as it is recorded: server-sent events. */
@Controller('api/live')
@UseGuards(OperatorGuard)
export class LiveController implements OnModuleDestroy {
  /** By stream, the session for which it was opened. */
  private readonly streams = new Map<ServerResponse, string>();
  private readonly beat: NodeJS.Timeout;

  constructor(
    private readonly runner: ProjectionRunner,
    private readonly sessions: OperatorSessions,
  ) {
    runner.onApplied((events) => {
      if (this.streams.size === 0) return;
      this.tell({
        head: events.at(-1)?.position ?? runner.position,
        lines: events.length > LINES_MAX ? null : events.map(logLine),
      });
    });
    runner.onReplaced(() => this.tell({ head: runner.position, lines: null }));
    this.beat = setInterval(() => {
      this.write(':\n\n');
      inBackground('looking whose sessions are over', this.endOver());
    }, BEAT_MS).unref();
  }

  @Get()
  listen(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (this.streams.size >= STREAMS_MAX)
      throw new HttpException('too many pages are open', HttpStatus.TOO_MANY_REQUESTS);
    reply.hijack();
    const stream = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) stream.setHeader(name, value);
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.streams.set(stream, sessionToken(request) ?? '');
    request.raw.once('close', () => this.streams.delete(stream));
    stream.write(`data: ${JSON.stringify({ head: this.runner.position, lines: [] } satisfies LiveMessage)}\n\n`);
  }

  onModuleDestroy(): void {
    clearInterval(this.beat);
    for (const stream of this.streams.keys()) stream.end();
  }

  /** Who is not logged in any more hears nothing more. */
  private async endOver(): Promise<void> {
    for (const [stream, token] of this.streams) if ((await this.sessions.operator(token)) === null) stream.end();
  }

  private tell(message: LiveMessage): void {
    this.write(`data: ${JSON.stringify(message)}\n\n`);
  }

  private write(text: string): void {
    for (const stream of this.streams.keys()) {
      if (stream.writableLength > WAITING_MAX_BYTES) stream.destroy();
      else stream.write(text);
    }
  }
}

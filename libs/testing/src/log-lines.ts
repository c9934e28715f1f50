import type { LoggerService } from '@nestjs/common';

/** Everything that was logged, as text. */
export class LogLines implements LoggerService {
  readonly lines: string[] = [];
  log = (...line: unknown[]): void => void this.lines.push(JSON.stringify(line));
  error = this.log;
  warn = this.log;
  debug = this.log;
  verbose = this.log;
  fatal = this.log;
}

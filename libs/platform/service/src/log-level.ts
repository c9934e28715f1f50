import type { Logger } from 'pino';
import { z } from 'zod';

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const LogLevelName = z.enum(LEVELS);

/** What is written of a running process, and who may change it. */
export class LogLevel {
  constructor(private readonly logger: Pick<Logger, 'level' | 'warn'>) {}

  get now(): string {
    return this.logger.level;
  }

  /** Whether `level` is one. That it was changed is a line of the log, where the new level writes warnings. */
  change(level: string): boolean {
    const parsed = LogLevelName.safeParse(level);
    if (!parsed.success) return false;
    const change = { from: this.now, to: parsed.data };
    this.logger.level = parsed.data;
    this.logger.warn(change, 'the log level was changed');
    return true;
  }
}

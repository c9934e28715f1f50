import { Choice, Integer, Port, Text } from './settings.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** What every service can be told. An app extends it with its own settings and limits in its `config.ts`. */
export class ServiceConfig {
  @Text('Address to listen on')
  readonly host: string = '127.0.0.1';

  @Port('Port of health and metrics; 0 is any free one')
  readonly opsPort: number = 0;

  @Choice('Least important log level written', LEVELS)
  readonly logLevel: string = 'info';

  @Integer('How long a readiness check may take', 10, 60_000)
  readonly readinessTimeoutMs: number = 2_000;

  @Integer('How long a clean shutdown may take before the process ends anyway', 100, 120_000)
  readonly shutdownTimeoutMs: number = 10_000;
}

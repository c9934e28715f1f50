import type { DynamicModule, INestApplicationContext, LoggerService, Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { BUILD } from './build.ts';
import { Health } from './health.ts';
import { ConfigError, loadConfig } from './load-config.ts';
import { LogLevel } from './log-level.ts';
import { createLogger, nestLogger } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { openTracing } from './open-tracing.ts';
import { OpsServer } from './ops-server.ts';
import { gaugeReadiness } from './readiness-gauges.ts';
import { Screens } from './screens.ts';
import type { ServiceSettings } from './service-settings.ts';
import { ServiceModule } from './service.module.ts';
import type { Config, Groups } from './settings.ts';

/** The groups of settings that an app reads, the service's own among them. */
type ServiceGroups = Groups & { readonly service: typeof ServiceSettings };

export interface ServiceDefinition<Of extends ServiceGroups> {
  /** The app's folder name; it stands in every log line and metric. */
  readonly name: string;
  readonly config: Of;
  readonly module: Type;
  /** Creates the Nest application around `root`, starts listening and returns it: the only part where apps differ. */
  start(root: DynamicModule, running: RunningService<Of>): Promise<INestApplicationContext>;
}

interface RunningService<Of extends ServiceGroups> {
  readonly config: Config<Of>;
  /** For `NestFactory.create(…, { logger })`. */
  readonly logger: LoggerService;
}

/**
 * Runs an app as a process: configuration, logs, health and metrics, a clean end on SIGTERM, SIGINT and when the
 * process that started it is gone, and a logged crash on everything nobody handled, a failing start included.
 * An app's whole `main.ts`:
 *
 * ```ts
 * import 'reflect-metadata';
 * import { NestFactory } from '@nestjs/core';
 * import { FastifyAdapter } from '@nestjs/platform-fastify';
 * import { runService } from '@core/service/run-service';
 * import { gatewayConfig } from './config.ts';
 * import { GatewayModule } from './gateway.module.ts';
 *
 * runService({
 *   name: 'tv-gateway',
 *   config: gatewayConfig,
 *   module: GatewayModule,
 *   async start(root, { config, logger }) {
 *     const app = await NestFactory.create(root, new FastifyAdapter(), { logger });
 *     await app.listen(config.http.port, config.service.host);
 *     return app;
 *   },
 * });
 * ```
 *
 * A service on NATS creates its application without an HTTP server, or as a Nest microservice.
 */
export function runService<Of extends ServiceGroups>(service: ServiceDefinition<Of>): void {
  const config = configOrExit(service);
  const log = createLogger(service.name, config.service.logLevel);
  const crash = (error: unknown): void => {
    log.fatal({ err: error }, 'crashed');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  start(service, config, log).catch(crash);
}

async function start<Of extends ServiceGroups>(
  service: ServiceDefinition<Of>,
  config: Config<Of>,
  log: Logger,
): Promise<void> {
  const { host, readinessTimeoutMs, shutdownTimeoutMs } = config.service;
  const health = new Health(readinessTimeoutMs);
  const metrics = createMetrics(service.name);
  gaugeReadiness(metrics, health);
  const tracing = await openTracing(service.name, config.service.otelExporterOtlpEndpoint, log);
  const screens = new Screens(tracing);
  const ops = new OpsServer({ health, metrics, level: new LogLevel(log), screens });
  const open: { close(): Promise<void> }[] = [tracing, ops];
  stopCleanly(log, shutdownTimeoutMs, async () => {
    health.stopping();
    for (const part of open.reverse()) await part.close();
  });

  const opsPort = await ops.listen(host, config.service.opsPort);
  log.info({ build: BUILD, host, opsPort }, 'starting');
  const root = {
    module: class Root {},
    imports: [ServiceModule.of({ config, health, metrics, tracing, screens }), service.module],
  };
  open.push(await service.start(root, { config, logger: nestLogger(log) }));
  health.started();
  log.info('started');
}

function configOrExit<Of extends ServiceGroups>(service: ServiceDefinition<Of>): Config<Of> {
  try {
    return loadConfig(service.config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.lines) process.stderr.write(`${service.name}: ${line}\n`);
    return process.exit(78);
  }
}

/**
 * One way to end, whoever asks, within a time limit; while starting there is nothing to close yet but the ops port.
 * A supervisor holds the other end of an IPC channel: when it dies, even by SIGKILL, the channel closes.
 */
function stopCleanly(log: Logger, timeoutMs: number, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => {
      log.error({ timeoutMs }, 'not stopped in time');
      process.exit(1);
    }, timeoutMs).unref();
    close().then(
      () => {
        log.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'not stopped in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (process.connected) process.on('disconnect', () => stop('the process that started this one is gone'));
}

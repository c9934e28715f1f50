import type { DriftRules } from '@core/connector/drift/drift-policy';
import type { ConnectorConfig } from './config.ts';
import type { LoginOptions } from './transport/login.ts';

/** The limits of sessions and their connections, from the configuration. */
export function sessionOptions(config: ConnectorConfig): LoginOptions {
  const { connectTimeoutMs, messageMaxBytes, unsentMaxBytes, pingMs, redirectHosts } = config;
  const limits = { connectTimeoutMs, messageMaxBytes, unsentMaxBytes };
  const pacing = { intervalMs: config.commandIntervalMs, queueMax: config.commandQueueMax };
  return {
    main: { ...limits, pacing, pingMs, replyTimeoutMs: config.replyTimeoutMs },
    stream: {
      ...limits,
      pacing,
      pingMs,
      firstKeepAliveMs: config.firstKeepAliveMs,
      keepAliveMs: config.keepAliveMs,
    },
    redirectHosts,
  };
}

/** What differences lead to, from the configuration. */
export const driftRules = (config: ConnectorConfig): DriftRules => ({
  listening: { position: config.driftPosition, order: config.driftOrder, balance: config.driftBalance },
  away: { position: config.driftAwayPosition, order: config.driftAwayOrder, balance: config.driftAwayBalance },
});

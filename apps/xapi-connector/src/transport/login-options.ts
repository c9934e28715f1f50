import type { RequestSettings } from '@core/connector/requests/request-settings';
import type { XapiSettings } from '../config.ts';
import type { LoginOptions } from './login.ts';

/** The limits of logins and their connections, from the settings. */
export function loginOptions(broker: XapiSettings, { replyTimeoutMs }: RequestSettings): LoginOptions {
  const { connectTimeoutMs, messageMaxBytes, unsentMaxBytes, pingMs, redirectHosts } = broker;
  const { firstKeepAliveMs, keepAliveMs } = broker;
  const limits = { connectTimeoutMs, messageMaxBytes, unsentMaxBytes };
  const pacing = { intervalMs: broker.commandIntervalMs, queueMax: broker.commandQueueMax };
  return {
    main: { ...limits, pacing, pingMs, replyTimeoutMs },
    stream: { ...limits, pacing, pingMs, firstKeepAliveMs, keepAliveMs },
    redirectHosts,
  };
}

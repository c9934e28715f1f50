import { connectorConfig } from '@core/connector/connector-config';
import { integer, list } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** Connections to brokers. */
export class XapiSettings extends settings('', {
  commandIntervalMs: integer('Least time between two commands of one connection', 0, 60_000).default(250),
  commandQueueMax: integer('Most commands that wait for their turn on one connection', 10, 100_000).default(1_000),
  connectTimeoutMs: integer('How long connecting may take', 100, 120_000).default(10_000),
  pingMs: integer('How often an idle connection is pinged', 100, 600_000).default(20_000),
  firstKeepAliveMs: integer('How soon after subscribing the first keep-alive must come', 100, 60_000).default(3_500),
  keepAliveMs: integer('After this long without a keep-alive a session is dead', 100, 60_000).default(10_000),
  messageMaxBytes: integer('Most bytes of one message of a broker', 65_536, 1_073_741_824).default(64 * 1024 * 1024),
  unsentMaxBytes: integer('Most bytes that wait for a broker to read them', 1_024, 67_108_864).default(1024 * 1024),
  brokerHosts: list('Hosts that passwords may be sent to; none is wherever an operator said that a venue is').default(
    [],
  ),
  redirectHosts: list('Hosts that a login may be redirected to').default([]),
  egressAddresses: list(
    'Addresses of ours that connections to brokers leave from; none is whichever the system takes',
  ).default([]),
  connectionsMax: integer('Most connections to brokers from one address; they allow 50', 2, 100_000).default(48),
  loginIntervalMs: integer('Least time between two logins from one address', 0, 60_000).default(250),
}) {}

export const xapiConnectorConfig = { ...connectorConfig, broker: XapiSettings };

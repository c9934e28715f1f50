/** Who logs in to Postgres and NATS as itself: processes by the folder names of their apps, and whoever runs `ops`. */
export const LOGINS = [
  'ledger',
  'xapi-connector',
  'paper-connector',
  'market-data',
  'tv-gateway',
  'proquant-webhook',
  'ws-session',
  'console',
  'operator',
] as const;
export type LoginName = (typeof LOGINS)[number];

export type LoginPasswords = Readonly<Record<LoginName, string>>;

const FORM = /^(nats|tls):\/\/(?:([^@/\s:]*)(?::([^@/\s]*))?@)?([^@/\s]+)\/?$/;

/** NATS as `NATS_URL` names it: one login, and every server of a cluster that it may be dialled at. */
export interface NatsUrl {
  readonly scheme: string;
  /** Empty where nobody is asked who he is. */
  readonly user: string;
  readonly password: string;
  /** `host:port` each. */
  readonly servers: readonly string[];
}

/** Reads `nats://user:password@host:port,host:port`, as drivers of databases spell several hosts. Throws where it is none. */
export function readNatsUrl(url: string): NatsUrl {
  const [, scheme = '', user = '', password = '', hosts = ''] = FORM.exec(url) ?? [];
  const servers = hosts.split(',');
  // The value may hold a password, and is not told.
  if (servers.includes('')) throw new TypeError('NATS is named as nats://user:password@host:port,host:port');
  return { scheme, user: decodeURIComponent(user), password: decodeURIComponent(password), servers };
}

export function natsUrlText({ scheme, user, password, servers }: NatsUrl): string {
  const login = user === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  return `${scheme}://${login}${servers.join(',')}`;
}

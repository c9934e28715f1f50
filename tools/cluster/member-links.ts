/** How the members of a cell reach each other: the servers of NATS, each Postgres with its Patroni, and etcd. */
export interface MemberLinks {
  /** The port at which one member, by name, dials what listens at a port of another. */
  between(from: string, to: string, port: number): Promise<number>;
}

/** Nothing stands between. */
export const STRAIGHT: MemberLinks = { between: (_from, _to, port) => Promise.resolve(port) };

import type { ConsolePass, Operator } from '@core/operations/console-link';
import { OperatorRole } from '@core/registry/operator-role';
import { Registry } from '@core/registry/registry';
import { hashOf, newSecret } from '@core/registry/tokens';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { OperatorSessionSettings } from './config.ts';
import { OWN_TABLES } from './console-database.ts';
import { sessionToken } from './session-cookie.ts';

const UNIQUE_VIOLATION = '23505';

/** Ended sessions stay for as long as the link that began one could be used again. */
const FORGET = `delete from console.session where expires_at < now() - interval '1 hour'`;

const FIND = `
  select operator as name, role, link_id is not null as "byLink", begun_at as "begunAt"
  from console.session where token_hash = $1 and expires_at > now()`;

interface KeptSession extends Operator {
  readonly byLink: boolean;
  readonly begunAt: Date;
}

/** Who is logged in. A token is returned once and kept as its hash. */
@Injectable()
export class OperatorSessions {
  /** Who was found lately: they stay in while Postgres does not answer, and read that it does not. */
  private readonly known = new Map<string, Operator>();

  constructor(
    @Inject(OWN_TABLES) private readonly pool: Pool,
    private readonly registry: Registry,
    private readonly settings: OperatorSessionSettings,
  ) {}

  /** The token of a new session; null where the pass was used before. */
  async beginByLink({ id, ...operator }: ConsolePass): Promise<string | null> {
    try {
      return await this.begin(operator, id);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) return null;
      throw error;
    }
  }

  /** The token of a new session of somebody whose password was right. */
  beginByPassword(operator: Operator): Promise<string> {
    return this.begin(operator, null);
  }

  /** Who asks; null for nobody who is logged in. */
  asking(request: FastifyRequest): Promise<Operator | null> {
    const token = sessionToken(request);
    return token === null ? Promise.resolve(null) : this.operator(token);
  }

  /** Null for a token that nobody was given, or whose time is over. */
  async operator(token: string): Promise<Operator | null> {
    const hash = hashOf(token);
    try {
      const { rows } = await this.pool.query<KeptSession>(FIND, [hash]);
      const operator = rows[0] ? await this.standing(rows[0]) : null;
      if (operator) this.known.set(hash, operator);
      else this.known.delete(hash);
      return operator;
    } catch (error) {
      const operator = this.known.get(hash);
      if (operator) return operator;
      throw error;
    }
  }

  async end(token: string): Promise<void> {
    this.known.delete(hashOf(token));
    await this.pool.query('update console.session set expires_at = now() where token_hash = $1', [hashOf(token)]);
  }

  /**
   * A session that a link began is what the link said; one that a password began is what the operator's account says
   * now, and is over with the password or the account.
   */
  private async standing({ name, role, byLink, begunAt }: KeptSession): Promise<Operator | null> {
    if (byLink) return { name, role: OperatorRole.parse(role) };
    const account = await this.registry.operators.find(name);
    if (!account || account.disabled || account.passwordSetAt > begunAt) return null;
    return { name, role: account.role };
  }

  private async begin({ name, role }: Operator, linkId: string | null): Promise<string> {
    const token = newSecret();
    await this.pool.query(FORGET);
    await this.pool.query(
      `insert into console.session (token_hash, link_id, operator, role, expires_at)
       values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')`,
      [hashOf(token), linkId, name, role, this.settings.maxAgeMs],
    );
    return token;
  }
}

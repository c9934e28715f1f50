import type { TraderId } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Any, Between, LessThan, Not, Repository } from 'typeorm';
import { AccessToken } from './access-token.ts';
import { LOGINS_SOURCE } from '../logins-source.ts';

export interface StoredToken {
  readonly hash: Buffer;
  readonly traderId: TraderId;
  readonly loginId: string;
  readonly sessionUid: string | null;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly used: boolean;
}

/** Where logins are kept, so that any instance of the gateway knows them. */
export abstract class TokenStore {
  /** Living tokens of the same login last as long as the new one: who renewed may not have heard of it yet. */
  abstract save(token: StoredToken): Promise<void>;
  /** Those that exist, in any order. Expired ones may still be found. */
  abstract find(hashes: readonly Buffer[]): Promise<readonly StoredToken[]>;
  /** It came with a request: those of its login that were issued before it end. */
  abstract use(token: StoredToken): Promise<void>;
  /** When the last token of each login ends; nothing of a login that has none. */
  abstract endsOf(loginIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  abstract deleteLogin(loginId: string): Promise<void>;
  /** The logins that ended with it. */
  abstract deleteSession(sessionUid: string): Promise<readonly string[]>;
  abstract deleteExpired(now: Date): Promise<void>;
}

@Injectable()
export class PostgresTokenStore extends TokenStore {
  constructor(@InjectRepository(AccessToken, LOGINS_SOURCE) private readonly tokens: Repository<AccessToken>) {
    super();
  }

  async save(token: StoredToken): Promise<void> {
    const { loginId, issuedAt, expiresAt } = token;
    await this.tokens.manager.transaction(async (manager) => {
      await manager.update(AccessToken, { loginId, expiresAt: Between(issuedAt, expiresAt) }, { expiresAt });
      await manager.insert(AccessToken, token);
    });
  }

  find(hashes: readonly Buffer[]): Promise<readonly StoredToken[]> {
    return this.tokens.findBy({ hash: Any(hashes) });
  }

  async use({ hash, loginId, issuedAt }: StoredToken): Promise<void> {
    await this.tokens.manager.transaction(async (manager) => {
      await manager.update(AccessToken, { hash }, { used: true });
      await manager.delete(AccessToken, { loginId, hash: Not(hash), issuedAt: LessThan(issuedAt) });
    });
  }

  async endsOf(loginIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const ends = await this.tokens
      .createQueryBuilder('token')
      .select('token.loginId', 'loginId')
      .addSelect('max(token.expiresAt)', 'endsAt')
      .where({ loginId: Any(loginIds) })
      .groupBy('token.loginId')
      .getRawMany<{ loginId: string; endsAt: Date }>();
    return new Map(ends.map(({ loginId, endsAt }) => [loginId, endsAt]));
  }

  async deleteLogin(loginId: string): Promise<void> {
    await this.tokens.delete({ loginId });
  }

  async deleteSession(sessionUid: string): Promise<readonly string[]> {
    const ended = await this.tokens.findBy({ sessionUid });
    await this.tokens.delete({ sessionUid });
    return [...new Set(ended.map(({ loginId }) => loginId))];
  }

  async deleteExpired(now: Date): Promise<void> {
    await this.tokens.delete({ expiresAt: LessThan(now) });
  }
}

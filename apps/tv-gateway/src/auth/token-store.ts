import type { TraderId } from '@core/contracts/primitives';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { AccessToken } from './access-token.ts';

export interface StoredToken {
  readonly hash: Buffer;
  readonly traderId: TraderId;
  readonly expiresAt: Date;
}

/** Where logins are kept, so that any instance of the gateway knows them. */
export abstract class TokenStore {
  abstract save(token: StoredToken): Promise<void>;
  /** Expired ones may still be found. */
  abstract find(hash: Buffer): Promise<StoredToken | null>;
  abstract delete(hash: Buffer): Promise<void>;
  abstract deleteExpired(now: Date): Promise<void>;
}

@Injectable()
export class PostgresTokenStore extends TokenStore {
  constructor(@InjectRepository(AccessToken) private readonly tokens: Repository<AccessToken>) {
    super();
  }

  async save(token: StoredToken): Promise<void> {
    await this.tokens.insert(token);
  }

  find(hash: Buffer): Promise<StoredToken | null> {
    return this.tokens.findOneBy({ hash });
  }

  async delete(hash: Buffer): Promise<void> {
    await this.tokens.delete({ hash });
  }

  async deleteExpired(now: Date): Promise<void> {
    await this.tokens.delete({ expiresAt: LessThan(now) });
  }
}

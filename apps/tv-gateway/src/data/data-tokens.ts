import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { DataToken } from './data-token.ts';
import { LOGINS_SOURCE } from '../logins-source.ts';

/** Where tokens for the data are kept, so that any instance of the gateway knows them. */
export abstract class DataTokens {
  /** Forgets those that have ended, too. */
  abstract save(token: DataToken): Promise<void>;
  /** An ended one may still be found. */
  abstract find(hash: string): Promise<DataToken | null>;
}

@Injectable()
export class PostgresDataTokens extends DataTokens {
  constructor(@InjectRepository(DataToken, LOGINS_SOURCE) private readonly tokens: Repository<DataToken>) {
    super();
  }

  async save(token: DataToken): Promise<void> {
    await this.tokens.delete({ expiresAt: LessThan(new Date()) });
    await this.tokens.insert(token);
  }

  find(hash: string): Promise<DataToken | null> {
    return this.tokens.findOneBy({ hash });
  }
}

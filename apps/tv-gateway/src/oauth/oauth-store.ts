import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, Repository } from 'typeorm';
import { OauthRecord } from './oauth-record.ts';
import { LOGINS_SOURCE } from '../logins-source.ts';

/** Where what the authorization server keeps is kept, so that any instance of the gateway can go on with it. */
export abstract class OauthStore {
  /** In the place of an earlier one of that id. */
  abstract put(record: OauthRecord): Promise<void>;
  /** Expired ones may still be found. */
  abstract find(model: string, idHash: Buffer): Promise<OauthRecord | null>;
  /** Whether it had not been consumed before: of many at once, one is told so. */
  abstract consume(model: string, idHash: Buffer, at: Date): Promise<boolean>;
  abstract delete(model: string, idHash: Buffer): Promise<void>;
  abstract deleteLogin(model: string, loginId: string): Promise<void>;
  abstract deleteSession(sessionUid: string): Promise<void>;
  abstract deleteExpired(now: Date): Promise<void>;
}

@Injectable()
export class PostgresOauthStore extends OauthStore {
  constructor(@InjectRepository(OauthRecord, LOGINS_SOURCE) private readonly records: Repository<OauthRecord>) {
    super();
  }

  async put(record: OauthRecord): Promise<void> {
    await this.records.upsert(record, ['model', 'idHash']);
  }

  find(model: string, idHash: Buffer): Promise<OauthRecord | null> {
    return this.records.findOneBy({ model, idHash });
  }

  async consume(model: string, idHash: Buffer, at: Date): Promise<boolean> {
    const { affected } = await this.records.update({ model, idHash, consumedAt: IsNull() }, { consumedAt: at });
    return affected === 1;
  }

  async delete(model: string, idHash: Buffer): Promise<void> {
    await this.records.delete({ model, idHash });
  }

  async deleteLogin(model: string, loginId: string): Promise<void> {
    await this.records.delete({ model, loginId });
  }

  async deleteSession(sessionUid: string): Promise<void> {
    await this.records.delete({ sessionUid });
  }

  async deleteExpired(now: Date): Promise<void> {
    await this.records.delete({ expiresAt: LessThan(now) });
  }
}

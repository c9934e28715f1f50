import { migrate } from '@core/service/migrations';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class Paper1700000000000 implements MigrationInterface {
  readonly name = 'Paper1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table paper.account (
        account_id uuid primary key,
        version int not null,
        state json not null
      );
      create table paper.history (
        account_id uuid not null references paper.account,
        number int not null,
        at text not null,
        report json not null,
        primary key (account_id, number)
      );
      create index on paper.history (account_id, at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema paper cascade');
  }
}

/** Brings the books of paper accounts up to date; safe to call from several processes at once. */
export const migratePaper = (url: string): Promise<void> =>
  migrate({ url, schema: 'paper', migrations: [Paper1700000000000] });

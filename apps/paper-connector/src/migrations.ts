import { migrate, type MigrationStep } from '@core/service/migrations';

const paper: MigrationStep = {
  name: 'Paper1700000000000',
  up: `
    create table paper_connector.account (
      account_id uuid primary key,
      version int not null,
      state json not null
    );
    create table paper_connector.history (
      account_id uuid not null references paper_connector.account,
      number int not null,
      at text not null,
      report json not null,
      primary key (account_id, number)
    );
    create index on paper_connector.history (account_id, at)`,
};

/** Brings the books of paper accounts up to date; safe to call from several processes at once. */
export const migratePaper = (url: string): Promise<void> => migrate({ url, schema: 'paper_connector', steps: [paper] });

import { migrate, type MigrationStep } from '@core/service/migrations';

const market: MigrationStep = {
  name: 'Market1795000000000',
  up: `
    create table market.bar (
      venue text not null,
      instrument text not null,
      opened_at timestamptz not null,
      open text not null,
      high text not null,
      low text not null,
      close text not null,
      volume int not null check (volume > 0),
      primary key (venue, instrument, opened_at)
    );
    create table market.known_range (
      venue text not null,
      instrument text not null,
      from_at timestamptz not null,
      until_at timestamptz not null check (until_at > from_at),
      primary key (venue, instrument, from_at)
    )`,
};

/** Brings the bars' tables up to date; safe to call from several processes at once. */
export const migrateMarketBars = (url: string): Promise<void> => migrate({ url, schema: 'market', steps: [market] });

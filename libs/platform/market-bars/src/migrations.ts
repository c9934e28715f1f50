import { migrate, type MigrationStep } from '@core/service/migrations';

const marketData: MigrationStep = {
  name: 'MarketData1795000000000',
  up: `
    create table market_data.bar (
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
    create table market_data.known_range (
      venue text not null,
      instrument text not null,
      from_at timestamptz not null,
      until_at timestamptz not null check (until_at > from_at),
      primary key (venue, instrument, from_at)
    );
    create table market_data.venue (
      venue text primary key,
      floor_at timestamptz not null,
      day_zone text not null
    )`,
};

/** Brings the bars' tables up to date; safe to call from several processes at once. */
export const migrateMarketBars = (url: string): Promise<void> =>
  migrate({ url, schema: 'market_data', steps: [marketData] });

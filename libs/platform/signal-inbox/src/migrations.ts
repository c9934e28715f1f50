import { migrate, type MigrationStep } from '@core/service/migrations';

const inbox: MigrationStep = {
  name: 'SignalInbox1798000000000',
  up: `
    create table proquant_webhook.delivery (
      id uuid primary key,
      arrival bigint generated always as identity,
      integration_id text not null,
      account_id uuid,
      token_hash text,
      type text,
      strategy_id text,
      sent_at timestamptz,
      body text,
      bytes integer not null,
      sha256 text not null,
      received_at timestamptz not null default now(),
      deliveries integer not null default 1,
      replays integer not null default 0,
      state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
      status integer,
      verdict text,
      detail text,
      answered_at timestamptz,
      look_at timestamptz not null
    );
    create index delivery_arrival on proquant_webhook.delivery (arrival desc);
    create index delivery_pending on proquant_webhook.delivery (look_at) where state = 'pending';
    create index delivery_dead on proquant_webhook.delivery (arrival desc) where state = 'dead'`,
  down: 'drop table proquant_webhook.delivery',
};

const registrations: MigrationStep = {
  name: 'DeliveryRegistration1798100000000',
  up: 'alter table proquant_webhook.delivery add column registration text',
  down: 'alter table proquant_webhook.delivery drop column registration',
};

/** Brings the webhook's tables up to date; safe to call from several processes at once. */
export const migrateSignalInbox = (url: string): Promise<void> =>
  migrate({ url, schema: 'proquant_webhook', steps: [inbox, registrations] });

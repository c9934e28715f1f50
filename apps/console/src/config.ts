import { PROQUANT_URL } from '@core/operations/ask-proquant';
import { CellSettings, DatabaseSettings, NatsSettings, ServiceSettings } from '@core/service/service-settings';
import { LoginSettings } from '@core/service/login-settings';
import { integer, list, pattern, port, text, url } from '@core/service/setting';
import { settings } from '@core/service/settings';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export class PageSettings extends settings('', {
  port: port('Port of the pages and of what they read; 0 is any free one').default(0),
  hosts: list('Names and addresses, with their ports, under which browsers find it beside this machine’s own').default(
    [],
  ),
  requestTimeoutMs: integer('How long a request may take to arrive', SECOND, MINUTE).default(10 * SECOND),
}) {}

export class OperatorSessionSettings extends settings('SESSION', {
  maxAgeMs: integer('How long somebody stays logged in', MINUTE, 30 * 24 * HOUR).default(12 * HOUR),
}) {}

export class LinkSettings extends settings('LINK', {
  key: pattern(
    'Key of the links that let their reader in once; without one nobody is let in by a link',
    '32 random bytes in base64',
    /^[A-Za-z0-9+/]{43}=$/,
    { secret: true },
  ).optional(),
}) {}

export class WatchSettings extends settings('WATCH', {
  services: list(
    'Services whose health is shown: `name=http://host:port` of the health and metrics of each process',
  ).default([]),
  timeoutMs: integer('How long a service may take to say how it is', 100, MINUTE).default(3 * SECOND),
}) {}

export class ReadingSettings extends settings('', {
  snapshotMs: integer('How often changed states are saved', SECOND, 24 * HOUR).default(30 * SECOND),
  searchTimeoutMs: integer('How long a search of the log may take', SECOND, 5 * MINUTE).default(15 * SECOND),
}) {}

export class SimulatorSettings extends settings('SIMULATOR', {
  control: pattern(
    'Control port of the simulated broker, whose page is shown then',
    'a URL that begins with http:// and has no path',
    /^http:\/\/[^\s/]+$/,
  ).optional(),
}) {}

export class OperatorSettings extends settings('OPERATOR', {
  databaseUrl: url(
    'PostgreSQL as the login `operator`: with it the role `admin` changes in the console who may do what; without it `npm run ops` alone does',
    ['postgres', 'postgresql'],
  ).optional(),
  registryDatabaseUrl: url('REGISTRY_DATABASE_URL as the login `operator`, where that is set', [
    'postgres',
    'postgresql',
  ]).optional(),
}) {}

export class ReplaySettings extends settings('REPLAY', {
  command: list(
    'Command that is `ops` on this machine, with commas between its words; with it and OPERATOR_DATABASE_URL the log is played in sandboxes here',
  ).default([]),
  folder: text('Folder in which sandboxes are kept').default('.replays'),
}) {}

/** As `ops integrations create` has it. */
export class ProquantSettings extends settings('PROQUANT', {
  url: url('Who is asked for an Integration of ProQuant', ['https', 'http']).default(PROQUANT_URL),
  description: text('What ProQuant’s users are told that we are called').optional(),
  imageUrl: url('Our logo, for ProQuant’s users', ['https', 'http']).optional(),
  hookUrl: url('Where ProQuant reaches proquant-webhook', ['https', 'http']).optional(),
}) {}

/** As the connectors have it. */
export class PasswordSealSettings extends settings('REGISTRY', {
  key: pattern(
    'Key of the account registry, for passwords that brokers ask for',
    '32 random bytes in base64',
    /^[A-Za-z0-9+/]{43}=$/,
    { secret: true },
  ).optional(),
}) {}

export const consoleConfig = {
  service: ServiceSettings,
  cell: CellSettings,
  database: DatabaseSettings,
  nats: NatsSettings,
  page: PageSettings,
  session: OperatorSessionSettings,
  login: LoginSettings,
  link: LinkSettings,
  watch: WatchSettings,
  operator: OperatorSettings,
  passwordSeal: PasswordSealSettings,
  simulator: SimulatorSettings,
  proquant: ProquantSettings,
  replay: ReplaySettings,
  reading: ReadingSettings,
};

import { ConfigError, loadConfig } from './load-config.ts';
import { ServiceConfig } from './service-config.ts';
import { DatabaseUrl, Flag, Integer, List, NatsUrl, Pattern, Port, RegistryKey, settingsOf, Text } from './settings.ts';

class ExampleConfig extends ServiceConfig {
  @DatabaseUrl()
  readonly databaseUrl: string;

  @Port('Where the example listens')
  readonly port: number = 8080;

  @Integer('Most events in one batch', 1, 5_000)
  readonly batchMaxEvents: number = 500;

  @Flag('Whether to be quick')
  readonly quick: boolean = false;

  @List('Hosts that may be called')
  readonly allowedHosts: readonly string[] = [];

  @Text('Where brokers redirect to', { optional: true })
  readonly redirect?: string;
}

const DATABASE_URL = 'postgres://me:hunter2@127.0.0.1:5432/core';

const refusalOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(ExampleConfig, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('reads what is set and keeps defaults for the rest, empty text included', () => {
    const config = loadConfig(ExampleConfig, { DATABASE_URL, BATCH_MAX_EVENTS: '17', QUICK: 'true', PORT: ' ' });
    expect(config).toMatchObject({ databaseUrl: DATABASE_URL, batchMaxEvents: 17, quick: true, port: 8080 });
    expect(config.host).toBe('127.0.0.1');
  });

  it('splits lists', () => {
    expect(loadConfig(ExampleConfig, { DATABASE_URL, ALLOWED_HOSTS: 'a.example, b.example' }).allowedHosts).toEqual([
      'a.example',
      'b.example',
    ]);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(loadConfig(ExampleConfig, { DATABASE_URL }))).toBe(true);
  });

  it('names what is missing', () => {
    expect(refusalOf({})).toEqual([
      'DATABASE_URL is not set: it must be a URL that begins with postgres:// or postgresql://',
    ]);
  });

  it.each([
    ['BATCH_MAX_EVENTS', '0', 'must be a whole number from 1 to 5000'],
    ['BATCH_MAX_EVENTS', '5001', 'must be a whole number from 1 to 5000'],
    ['BATCH_MAX_EVENTS', '1.5', 'must be a whole number from 1 to 5000'],
    ['BATCH_MAX_EVENTS', '1e3', 'must be a whole number from 1 to 5000'],
    ['PORT', '65536', 'must be a whole number from 0 to 65535'],
    ['QUICK', 'yes', 'must be true or false'],
    ['LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent'],
    ['ALLOWED_HOSTS', 'a,,b', 'must be a comma-separated list without empty entries'],
  ])('refuses %s=%s', (variable, text, rule) => {
    expect(refusalOf({ DATABASE_URL, [variable]: text })).toEqual([`${variable} ${rule}`]);
  });

  it('never repeats a value', () => {
    expect(refusalOf({ DATABASE_URL: 'mysql://me:hunter2@host/core' }).join()).not.toContain('hunter2');
  });

  it('lists everything that is wrong', () => {
    expect(refusalOf({ PORT: 'x', QUICK: 'x' })).toHaveLength(3);
  });
});

describe('settings', () => {
  class Everything {
    @NatsUrl()
    readonly natsUrl: string;

    @RegistryKey()
    readonly registryKey: string;

    @Pattern('A shard', /^[a-z]+$/, 'lower-case letters')
    readonly shard: string = 'main';
  }

  it('are described for the documentation, secrets marked', () => {
    expect(settingsOf(Everything)).toMatchObject([
      { variable: 'NATS_URL', secret: true },
      { variable: 'REGISTRY_KEY', secret: true },
      { variable: 'SHARD', about: 'A shard', secret: false },
    ]);
  });

  it('of the base class come first, an override stays one setting', () => {
    class Louder extends ServiceConfig {
      @Port('Port of health and metrics')
      override readonly opsPort: number = 9101;
    }
    expect(settingsOf(Louder).map(({ variable }) => variable)).toEqual(
      settingsOf(ServiceConfig).map((s) => s.variable),
    );
    expect(loadConfig(Louder, {}).opsPort).toBe(9101);
  });

  it('takes several NATS servers and 32 bytes of key', () => {
    const natsUrl = 'nats://a:4222,nats://b:4222';
    const registryKey = Buffer.alloc(32, 7).toString('base64');
    expect(loadConfig(Everything, { NATS_URL: natsUrl, REGISTRY_KEY: registryKey })).toMatchObject({ natsUrl });
    expect(() => loadConfig(Everything, { NATS_URL: natsUrl, REGISTRY_KEY: 'short' })).toThrow(
      'REGISTRY_KEY must be 32 random bytes in base64',
    );
  });
});

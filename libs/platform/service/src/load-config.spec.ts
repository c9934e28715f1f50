import { ConfigError, loadConfig } from './load-config.ts';
import { DatabaseSettings, NatsSettings, RegistrySettings, ServiceSettings } from './service-settings.ts';
import { flag, integer, list, pattern, port, text } from './setting.ts';
import { settings, settingsOf } from './settings.ts';
import { z } from 'zod';

class ExampleSettings extends settings('', {
  port: port('Where the example listens').default(8080),
  quick: flag('Whether to be quick').default(false),
  allowedHosts: list('Hosts that may be called').default([]),
  redirect: text('Where brokers redirect to').optional(),
}) {}

class BatchSettings extends settings('BATCH', {
  maxEvents: integer('Most events in one batch', 1, 5_000).default(500),
}) {}

const exampleConfig = {
  service: ServiceSettings,
  database: DatabaseSettings,
  example: ExampleSettings,
  batch: BatchSettings,
};

const DATABASE_URL = 'postgres://me:hunter2@127.0.0.1:5432/core';

const refusalOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(exampleConfig, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('reads what is set and keeps defaults for the rest, empty text included', () => {
    const config = loadConfig(exampleConfig, { DATABASE_URL, BATCH_MAX_EVENTS: '17', QUICK: 'true', PORT: ' ' });
    expect(config).toMatchObject({
      database: { url: DATABASE_URL },
      batch: { maxEvents: 17 },
      example: { quick: true, port: 8080 },
    });
    expect(config.service.host).toBe('127.0.0.1');
  });

  it('gives each group as its class, so that it can be asked for by type', () => {
    expect(loadConfig(exampleConfig, { DATABASE_URL }).batch).toBeInstanceOf(BatchSettings);
  });

  it('splits lists', () => {
    const { example } = loadConfig(exampleConfig, { DATABASE_URL, ALLOWED_HOSTS: 'a.example, b.example' });
    expect(example.allowedHosts).toEqual(['a.example', 'b.example']);
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig(exampleConfig, { DATABASE_URL });
    expect([config, ...Object.values(config)].every(Object.isFrozen)).toBe(true);
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
    ['QUICK', 'TRUE', 'must be true or false'],
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
  class RegionSettings extends settings('', {
    region: pattern('A region', 'lower-case letters', /^[a-z]+$/).default('main'),
  }) {}
  const everything = { nats: NatsSettings, registry: RegistrySettings, region: RegionSettings };

  it('are described for the documentation, secrets marked', () => {
    expect(settingsOf(everything)).toMatchObject([
      { variable: 'NATS_URL', secret: true },
      { variable: 'REGISTRY_KEY', secret: true },
      { variable: 'REGION', description: 'A region', secret: false, usual: 'main' },
    ]);
  });

  it('take several NATS servers and 32 bytes of key', () => {
    const url = 'nats://a:4222,nats://b:4222';
    const key = Buffer.alloc(32, 7).toString('base64');
    const config = loadConfig(everything, { NATS_URL: url, REGISTRY_KEY: key });
    expect(config).toMatchObject({ nats: { url }, registry: { key } });
    expect(() => loadConfig(everything, { NATS_URL: url, REGISTRY_KEY: 'short' })).toThrow(
      'REGISTRY_KEY must be 32 random bytes in base64',
    );
  });

  it('are their defaults but for those that a spec gives', () => {
    expect(new BatchSettings()).toEqual({ maxEvents: 500 });
    expect(new BatchSettings({ maxEvents: 3 })).toEqual({ maxEvents: 3 });
  });

  it('must be described', () => {
    class Silent extends settings('', { region: z.string() }) {}
    expect(() => settingsOf({ silent: Silent })).toThrow('described');
  });
});

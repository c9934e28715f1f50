import { instancesOf } from '../cluster/running-cluster.ts';
import { appSettings } from '../generate/configuration.ts';
import { exampleEndpoints } from './endpoints.fixture.ts';
import { APPS, servicesOf, type AppName, type Ports } from './services.ts';

const read = new Map(appSettings().map(({ app, rows }) => [app, new Set(rows.map(({ variable }) => variable))]));

const secrets = { registryKey: '', logSigningKey: '', oauthCookieKey: '', consoleLinkKey: '', dataToken: '' };
const told = (cell: Parameters<typeof servicesOf>[1]['cell']) =>
  servicesOf({} as Ports, {
    ...{ databaseUrlOf: () => '', natsUrlOf: () => '', folder: '', intakeMaxBytes: 1, gatewayUrl: '', cell },
    ...{ apps: APPS, opsPortsOf: () => [1], simulator: exampleEndpoints.simulator },
    secrets: { ...secrets, traderPasswords: {}, brokerPasswords: {} },
  });

/** Those of its variables that an app does not read. */
const unread = (name: AppName, env: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(env).filter((variable) => !read.get(name)?.has(variable));

describe.each([
  ['alone', told(null)],
  ['as one of several cells', told({ name: 'a', registryUrlOf: () => '' })],
])('a system %s', (_, specs) => {
  it.each(APPS)('tells %s nothing that it does not read', (name) => {
    expect(unread(name, specs[name].env)).toEqual([]);
  });

  it.each(APPS.filter((name) => name !== 'xapi-simulator'))('nor two of %s in a cluster', (name) => {
    const instance = { port: 1, ops: 2 };
    const both = instancesOf(specs[name], { name, front: instance, instances: [instance, instance] });
    expect(both.map(({ env }) => unread(name, env))).toEqual([[], []]);
  });
});

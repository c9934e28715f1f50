import { UnreadableJson } from '@core/kernel/json-as';
import { PortBook } from '@core/machine/ports';
import { readJson } from '@core/kernel/foreign-json';
import { PaperTerms } from '@core/paper/terms';
import { fuzz } from '@core/testing/fuzz';
import { hostsOf, XapiEndpoint } from '@core/xapi/wire/endpoint';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverPasswords } from '../infra/server-passwords.ts';
import { DemoSecretsFile } from './demo-secrets.ts';
import { exampleEndpoints } from './endpoints.fixture.ts';
import { endpointsIn } from './endpoints.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'data-folder-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What a file of the data folder is read with, and what it says when it is as we write it. */
const FILES: Readonly<Record<string, { readonly read: () => unknown; readonly good: () => string }>> = {
  'endpoints.json': { read: () => endpointsIn(folder), good: () => JSON.stringify(exampleEndpoints) },
  'demo-secrets.json': {
    read: () => new DemoSecretsFile(folder).known(),
    good: () =>
      JSON.stringify({
        ...{ registryKey: 'of-registry', traderPasswords: { ada: 'of-ada' }, brokerPasswords: { 10001: 'of-10001' } },
        ...{ wsSecretKey: 'of-session', proquant: { integrationId: 'x', token: 'of-proquant' } },
      }),
  },
  'server-passwords.json': {
    read: () => serverPasswords(folder, true),
    good: () => {
      const made = JSON.stringify(serverPasswords(folder, false));
      rmSync(join(folder, 'server-passwords.json'));
      return made;
    },
  },
  'ports.json': {
    read: () => new PortBook(join(folder, 'ports.json'), 'known').known('nats'),
    good: () => JSON.stringify({ postgres: 15_432, nats: 14_222 }),
  },
};

it.each(Object.keys(FILES))('%s says what is asked of it, or is refused by its name and keeps its secrets', (name) => {
  const path = join(folder, name);
  const { read, good: goodText } = FILES[name]!;
  const good = goodText();
  const told = (text: string | Uint8Array): unknown => {
    writeFileSync(path, text);
    return read();
  };
  return fuzz({
    name,
    share: 0.2,
    examples: [good],
    take: (input) => {
      if (input.length === 0) return;
      try {
        told(input);
      } catch (error) {
        if (!(error instanceof UnreadableJson)) throw error;
        expect(error.message.startsWith(path)).toBe(true);
        expect(error.message).not.toMatch(/of-(?:session|proquant|postgres|nats|registry|ada|10001)/);
        expect(readFileSync(path).equals(input)).toBe(true);
      }
    },
    others: () => expect(told(good)).toBeTruthy(),
  });
});

it('where the registry says a venue is, it is, or is refused', () => {
  const server = { transport: 'tls', main: 'broker.example:5124', stream: 'broker.example:5125', insecureTls: false };
  const terms = { quotesOf: 'demo', currency: 'USD', leverage: '30', commissionPerLot: '6' };
  return fuzz({
    name: 'venue endpoints',
    examples: [server, { ...server, transport: 'wss', main: 'wss://h:1/a', stream: 'wss://h:1/b' }, terms].map((each) =>
      JSON.stringify(each),
    ),
    take: (input) => {
      const endpoint = readJson(Buffer.from(input).toString());
      const xapi = XapiEndpoint.safeParse(endpoint);
      if (xapi.success) expect(hostsOf(xapi.data)).toHaveLength(2);
      PaperTerms.safeParse(endpoint);
    },
    others: () => expect([XapiEndpoint.parse(server).main, PaperTerms.parse(terms).quotesOf]).toHaveLength(2),
  });
});

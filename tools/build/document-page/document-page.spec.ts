import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../check/command.ts';
import { documentPage } from './document-page.ts';
import { escaped } from './html.ts';

const FOLDER = join(ROOT, 'docs');
const OURS = /^\/docs\/(?:style\.css|(?:openapi|asyncapi)\.(?:yaml|json))$/;

const documents = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.openapi.yaml') || name === 'websocket.asyncapi.yaml')
  .map((name): [string, string] => [name, readFileSync(join(FOLDER, name), 'utf8')]);

const matches = (html: string, pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, found = '']) => found);

interface Named {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly messages?: Readonly<Record<string, { readonly title: string }>>;
  };
}

describe.each(documents)('the page of %s', (_name, yaml) => {
  const page = documentPage(yaml);
  const { paths = {}, components } = parse(yaml) as Named;

  it('has every operation, message and shape', () => {
    const operations = Object.entries(paths).flatMap(([path, byMethod]) =>
      Object.keys(byMethod).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const messages = Object.values(components.messages ?? {}).map(({ title }) => title);
    const told = new Set(matches(page, /<section id="[^"]+" aria-label="([^"]+)"/g));
    const missing = [...operations, ...messages, ...Object.keys(components.schemas)].filter(
      (name) => !told.has(escaped(name)),
    );
    expect(missing).toEqual([]);
    expect(operations.length + messages.length).toBeGreaterThan(0);
  });

  it('leads nowhere that is not there, and needs nothing from elsewhere', () => {
    const ids = matches(page, / id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const addresses = matches(page, / (?:href|src)="([^"]+)"/g);
    const dead = addresses.filter((to) => !(to.startsWith('#') ? ids.includes(to.slice(1)) : OURS.test(to)));
    expect(dead).toEqual([]);
    expect(page).not.toMatch(/<script|style="/);
  });
});

it('says what a document says and does nothing of what it might', () => {
  const info = { title: '<b>&"', version: '1', description: 'see `<script>` and **this**' };
  const page = documentPage(
    JSON.stringify({ info, tags: [], paths: {}, components: { securitySchemes: {}, schemas: {} } }),
  );
  expect(page).toContain('<h1>&#60;b&#62;&#38;&#34;</h1>');
  expect(page).toContain('see <code>&#60;script&#62;</code> and <strong>this</strong>');
});

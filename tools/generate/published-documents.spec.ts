import { Parser } from '@asyncapi/parser';
import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';
import { asyncApi } from './asyncapi.ts';
import type { GeneratedFile } from './generated-file.ts';
import { websocketApi } from './websocket-api.ts';

/** The parser counts from errors, 0, to hints, 3. */
const WARNING = 1;

const documents: readonly GeneratedFile[] = [asyncApi(), websocketApi()];

const referencesIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { $ref, ...rest } = value as { $ref?: unknown };
  return [...(typeof $ref === 'string' ? [$ref] : []), ...Object.values(rest).flatMap(referencesIn)];
};

interface Messages {
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly examples?: readonly { payload: object }[] }>>;
  };
}

describe.each(documents.map(({ path, text }) => [path, text]))('%s', (_path, text) => {
  it('is AsyncAPI to the official parser', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    const wrong = diagnostics.filter(({ severity }) => severity <= WARNING);
    expect(wrong.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`)).toEqual([]);
    expect(document).toBeDefined();
  });

  it('gives examples that are what it says they are', () => {
    const ajv = new Ajv({ strict: false });
    ajv.addSchema(parse(text) as object, 'document');
    for (const [name, { examples = [] }] of Object.entries((parse(text) as Messages).components.messages)) {
      const isMessage = ajv.compile({ $ref: `document#/components/messages/${name}/payload` });
      for (const { payload } of examples) {
        isMessage(payload);
        expect([name, isMessage.errors]).toEqual([name, null]);
      }
    }
  });

  it('needs no other file', () => {
    expect(referencesIn(parse(text)).filter((to) => !to.startsWith('#/'))).toEqual([]);
  });
});

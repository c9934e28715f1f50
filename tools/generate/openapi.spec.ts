import { compileErrors, validate } from '@readme/openapi-parser';
import Ajv from 'ajv/dist/2020';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../check/command.ts';

const DOCS = join(ROOT, 'docs');

const FORM = 'application/x-www-form-urlencoded';

type Described = Readonly<Record<string, { readonly description?: string }>>;

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>;
  };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const documents = readdirSync(DOCS)
  .filter((name) => name.endsWith('.openapi.yaml'))
  .map((name): [string, string] => [name, readFileSync(join(DOCS, name), 'utf8')]);

it('four services say what they answer', () => {
  expect(documents.map(([name]) => name)).toEqual([
    ...['console.openapi.yaml', 'proquant-webhook.openapi.yaml'],
    ...['tv-gateway.openapi.yaml', 'xapi-simulator.openapi.yaml'],
  ]);
});

describe.each(documents)('%s', (name, text) => {
  it('is OpenAPI 3.1 to a parser of others, and needs no other file', async () => {
    const verdict = await validate(parse(text) as never, { resolve: { external: false } } as never);
    expect(verdict.valid ? '' : compileErrors(verdict)).toBe('');
    expect(text.match(/\$ref: ['"]?(?!['"]?#\/)\S+/g)).toBeNull();
  });

  it('says of every field of a form what it means, and an edge of every parameter too', () => {
    const { paths, components } = parse(text) as Document;
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const forms = operations.flatMap(({ requestBody }) => requestBody?.content[FORM]?.schema.$ref ?? []);
    const fields = forms.flatMap((reference) => {
      const form = components.schemas[reference.slice(reference.lastIndexOf('/') + 1)] as { properties: Described };
      return Object.entries(form.properties);
    });
    const isEdge = !/^(?:console|xapi)/.test(name);
    const parameters = isEdge
      ? operations.flatMap((each) => each.parameters.map((one) => [one.name, one] as const))
      : [];
    const unsaid = [...fields, ...parameters].filter(([, { description = '' }]) => description === '');
    expect(unsaid.map(([field]) => field)).toEqual([]);
  });

  it('has schemas that can be read, and a name for each operation', () => {
    const document = parse(text) as Document;
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, validateFormats: false });
    ajv.addVocabulary(Object.keys(document));
    ajv.addSchema(document, 'document');
    for (const name of Object.keys(document.components.schemas))
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
    const names = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

import { anchor, code, escaped } from './html.ts';
import { inline } from './markdown-html.ts';

/** JSON Schema, as far as our documents use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const BOUNDS = {
  ...{ minimum: 'at least', maximum: 'at most', exclusiveMinimum: 'above', exclusiveMaximum: 'below' },
  ...{ minLength: 'characters, at least', maxLength: 'characters, at most', pattern: 'like' },
  ...{ minItems: 'items, at least', maxItems: 'items, at most', multipleOf: 'a multiple of' },
} as const;

/** What a value may be, in words; what has a name is a link to it. */
export function schemaHtml(schema: Schema): string {
  const { $ref, description, properties, items, prefixItems, additionalProperties: others } = schema;
  if ($ref !== undefined) return nameHtml($ref);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
  return [
    ...(description === undefined ? [] : [`<p>${inline(description)}</p>`]),
    values ? values.map((value) => code(JSON.stringify(value))).join(' or ') : typeHtml(schema),
    ...boundsOf(schema),
    ...('default' in schema ? [`${code(JSON.stringify(schema.default))} where nothing is said`] : []),
    ...(properties ? [propertiesHtml(properties, schema.required ?? [])] : []),
    ...(typeof others === 'object' ? [`others: ${schemaHtml(others)}`] : []),
    ...(typeof items === 'object' ? [`each: ${schemaHtml(items)}`] : []),
    ...(prefixItems ? [list('in order', prefixItems)] : []),
    ...(choices ? [list(schema.allOf ? 'all of' : 'one of', choices)] : []),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Of `#/components/schemas/Name`. */
export const nameHtml = (reference: string): string => {
  const [kind = '', name = ''] = reference.split('/').slice(-2);
  return `<a href="#${anchor(kind, name)}">${escaped(name)}</a>`;
};

const typeHtml = ({ type, format }: Schema): string => {
  const types = type === undefined ? [] : [type].flat();
  return [...types, ...(format === undefined ? [] : [`(${format})`])]
    .map((word) => `<b>${escaped(word)}</b>`)
    .join(' ');
};

const boundsOf = (schema: Schema): string[] =>
  Object.entries(BOUNDS).flatMap(([key, words]) => {
    const bound = (schema as Readonly<Record<string, unknown>>)[key];
    return typeof bound === 'number' || typeof bound === 'string' ? [`<i>${words}</i> ${code(String(bound))}`] : [];
  });

const list = (label: string, schemas: readonly Schema[]): string =>
  `${label}<ul>${schemas.map((each) => `<li>${schemaHtml(each)}</li>`).join('')}</ul>`;

const propertiesHtml = (properties: Readonly<Record<string, Schema>>, required: readonly string[]): string =>
  `<dl>${Object.entries(properties)
    .map(([name, schema]) => {
      const optional = required.includes(name) ? '' : ' <i>optional</i>';
      return `<div><dt>${code(name)}${optional}</dt><dd>${schemaHtml(schema)}</dd></div>`;
    })
    .join('\n')}</dl>`;

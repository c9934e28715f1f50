import { anchor, code, escaped, tableHtml } from './html.ts';
import { inline, markdownHtml } from './markdown-html.ts';
import { schemaHtml, type Schema } from './schema-html.ts';
import type { PageSection } from './page-section.ts';

interface Content {
  readonly [type: string]: { readonly schema?: Schema };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface OpenApi {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, { readonly description?: string }>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** What is asked, by the headings of the document, and the shapes that have names. */
export function openApiSections({ tags, paths, components }: OpenApi): readonly PageSection[] {
  const operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
  const access = Object.entries(components.securitySchemes).map(([name, { description = '' }]) => ({
    ...{ name, id: anchor('access', name), html: markdownHtml(description) },
  }));
  return [
    { title: 'Who may ask', parts: access },
    ...tags.map(({ name: tag }) => ({
      title: tag,
      parts: operations
        .filter(({ operation }) => operation.tags.includes(tag))
        .map(({ name, operation }) => ({ name, id: operation.operationId, html: operationHtml(operation) })),
    })),
    { title: 'Shapes', parts: shapesOf(components.schemas) },
  ];
}

export const shapesOf = (schemas: Readonly<Record<string, Schema>>): PageSection['parts'] =>
  Object.entries(schemas).map(([name, schema]) => ({ name, id: anchor('schemas', name), html: schemaHtml(schema) }));

function operationHtml({ summary, security, parameters, requestBody, responses, operationId }: Operation): string {
  const allowed = security.flatMap((each) => Object.keys(each));
  const named = allowed.map((name) => `<a href="#${anchor('access', name)}">${escaped(name)}</a>`).join(' or ');
  const said = parameters.map((each) => [
    `${code(each.name)}${each.required ? '' : ' <i>optional</i>'}`,
    escaped(each.in),
    `${each.description === undefined ? '' : `${inline(each.description)} `}${schemaHtml(each.schema)}`,
  ]);
  const heard = Object.entries(responses).map(([status, { description, content = {} }]) => [
    ...[code(status), inline(description), contentHtml(content)],
  ]);
  return [
    markdownHtml(summary),
    `<p>Open to ${allowed.length === 0 ? 'anybody' : named}.</p>`,
    ...(said.length > 0 ? [tableHtml(`Parameters of ${operationId}`, ['parameter', 'in', 'is'], said)] : []),
    ...(requestBody ? [`<h4>Body</h4>${contentHtml(requestBody.content)}`] : []),
    tableHtml(`Answers of ${operationId}`, ['status', 'means', 'body'], heard),
  ].join('\n');
}

const contentHtml = (content: Content): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `<div>${code(type)} ${schema ? schemaHtml(schema) : ''}</div>`)
    .join('');

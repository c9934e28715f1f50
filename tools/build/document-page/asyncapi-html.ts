import { anchor, code, escaped } from './html.ts';
import { inline, markdownHtml } from './markdown-html.ts';
import { shapesOf } from './openapi-html.ts';
import type { PageSection } from './page-section.ts';
import { nameHtml, schemaHtml, type Schema } from './schema-html.ts';

interface Reference {
  readonly $ref: string;
}

interface Message {
  readonly title: string;
  readonly description?: string;
  readonly payload: Schema;
  readonly examples?: readonly { readonly payload: unknown }[];
}

export interface AsyncApi {
  readonly operations: Readonly<Record<string, { readonly summary: string; readonly messages: readonly Reference[] }>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** What is said by whom, every message with its examples, and the shapes that have names. */
export const asyncApiSections = ({ operations, components }: AsyncApi): readonly PageSection[] => [
  {
    title: 'Who says what',
    parts: Object.entries(operations).map(([name, { summary, messages }]) => ({
      ...{ name, id: anchor('operations', name) },
      html: `${markdownHtml(summary)}<ul>${messages.map(({ $ref }) => `<li>${nameHtml($ref)}</li>`).join('')}</ul>`,
    })),
  },
  {
    title: 'Messages',
    parts: Object.entries(components.messages).map(([key, message]) => ({
      ...{ name: message.title, id: anchor('messages', key), html: messageHtml(message) },
    })),
  },
  { title: 'Shapes', parts: shapesOf(components.schemas) },
];

const messageHtml = ({ title, description, payload, examples = [] }: Message): string =>
  [
    ...(description === undefined ? [] : [`<p>${inline(description)}</p>`]),
    schemaHtml(payload),
    ...examples.map(
      ({ payload: example }, index) =>
        `<pre tabindex="0" role="region" aria-label="Example ${index + 1} of ${escaped(title)}">${code(JSON.stringify(example, null, 2))}</pre>`,
    ),
  ].join('\n');

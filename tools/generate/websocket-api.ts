import { closeCodes, type CloseName } from '@core/ws-session/close-code';
import { closeMeanings } from '@core/ws-session/error-meaning';
import { clientMessages, serverMessages, type DocumentedMessage } from '@core/ws-session/message-catalogue';
import { clientExamples, serverExamples } from '@core/ws-session/message-examples.fixture';
import { Account, BidAsk, Operation, PendingPosition, Position } from '@core/ws-session/root-models';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../check/command.ts';
import type { GeneratedFile } from './generated-file.ts';

type Side = 'client_message' | 'server_message';

interface Frame {
  readonly message_id: string;
  readonly message_type: { readonly server_message: Readonly<Record<string, unknown>> };
}

const HEADER = '# Generated from libs/protocols/ws-session by `npm run generate`; do not edit.\n';
const SAMPLES = 'libs/protocols/ws-session/fixtures/server-messages.json';

const reference = (to: string): { $ref: string } => ({ $ref: to });
const entriesOf = <Value>(of: Readonly<Record<string, Value>>) => Object.entries(of);

/** Names as generators of code want them: `PlaceOrderResponse`. */
const typeName = (name: string): string => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
const messageName = (side: Side, name: string): string =>
  side === 'server_message' || name.endsWith('_request') ? typeName(name) : `${typeName(name)}Request`;

/** The AsyncAPI document of the WebSocket: the envelope, every message both ways with examples, and close codes. */
export function websocketApi(): GeneratedFile {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const asked = messagesOf('client_message', clientMessages);
  const told = messagesOf('server_message', serverMessages);
  const control = { Ping: controlOf('Ping'), Pong: controlOf('Pong') };
  const messages = { ...asked, ...told, ...control };
  const onChannel = (names: readonly string[]) => names.map((name) => reference(`#/channels/session/messages/${name}`));
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Trading core: WebSocket sessions', version, description: introduction() },
    defaultContentType: 'application/json',
    servers: {
      session: { host: 'localhost:8082', pathname: '/ws', protocol: 'ws', description: 'Under `npm start`.' },
    },
    channels: {
      session: {
        address: '/ws',
        description: 'One JSON envelope in each text frame.',
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, reference(`#/components/messages/${name}`)]),
        ),
      },
    },
    operations: {
      ask: {
        action: 'receive',
        channel: reference('#/channels/session'),
        summary: 'What a client says.',
        messages: onChannel([...Object.keys(asked), ...Object.keys(control)]),
      },
      tell: {
        action: 'send',
        channel: reference('#/channels/session'),
        summary: 'What the server says.',
        messages: onChannel([...Object.keys(told), ...Object.keys(control)]),
      },
    },
    components: { messages, schemas: schemas() },
  };
  return { path: 'docs/websocket.asyncapi.yaml', text: HEADER + stringify(document, { aliasDuplicateObjects: false }) };
}

function introduction(): string {
  const rows = entriesOf(closeMeanings).map(
    ([name, { cause, remedy }]) => `| ${closeCodes[name as CloseName]} | \`${name}\` | ${cause} | ${remedy} |`,
  );
  return [
    'The first message is `auth_request`. Every `Ping` wants a `Pong` of the same `message_id`. Ignore keys and messages that you do not know.',
    '## How a connection ends',
    ['| code | reason | cause | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

const messagesOf = (side: Side, catalogue: Readonly<Record<string, DocumentedMessage>>) =>
  Object.fromEntries(
    entriesOf(catalogue).map(([name, { description, feature }]) => [
      messageName(side, name),
      {
        name,
        title: name,
        description: feature === null ? description : `${description} Feature \`${feature}\`.`,
        payload: envelopeOf(side, name),
        examples: examplesOf(side, name).map((payload) => ({ payload })),
      },
    ]),
  );

function envelopeOf(side: Side, name: string): object {
  const body = reference(`#/components/schemas/${messageName(side, name)}Body`);
  const tagged = { type: 'object', required: [name], properties: { [name]: body }, maxProperties: 1 };
  const siblings =
    side === 'client_message'
      ? {}
      : {
          message_response_id: { type: 'string', description: 'The `message_id` of the request. Feature `responses`.' },
          sequence: { type: 'integer', description: 'Counts the events of one account. Feature `sequence`.' },
          cursor: { type: 'string', description: 'Where to resume after this event. Feature `sequence`.' },
        };
  return {
    type: 'object',
    required: ['message_id', 'message_type'],
    properties: {
      message_id: { type: 'string', maxLength: 128 },
      ...siblings,
      message_type: { type: 'object', required: [side], properties: { [side]: tagged } },
    },
  };
}

/** `Ping` and `Pong` are words in the place of a message. */
const controlOf = (word: 'Ping' | 'Pong') => ({
  name: word,
  title: word,
  description: word === 'Ping' ? 'Are you there?' : 'Answers a Ping, with its `message_id`.',
  payload: {
    type: 'object',
    required: ['message_id', 'message_type'],
    properties: { message_id: { type: 'string', maxLength: 128 }, message_type: { type: 'string', const: word } },
  },
  examples: [{ payload: { message_id: 'h1', message_type: word } }],
});

function examplesOf(side: Side, name: string): readonly object[] {
  const own = entriesOf<object>(side === 'client_message' ? clientExamples : serverExamples);
  const made = own
    .filter(([of]) => of === name)
    .map(([, body]) => ({ message_id: 'a1', message_type: { [side]: { [name]: body } } }));
  return side === 'client_message'
    ? made
    : [...samples().filter(({ message_type: of }) => name in of.server_message), ...made];
}

const samples = (): readonly Frame[] => JSON.parse(readFileSync(join(ROOT, SAMPLES), 'utf8')) as Frame[];

/** As they stand on the wire: numbers outside, whatever they are inside. */
function schemas(): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of entriesOf({ Account, BidAsk, Operation, PendingPosition, Position }))
    registry.add(schema, { id });
  const bodies = (side: Side, catalogue: Readonly<Record<string, DocumentedMessage>>) => {
    for (const [name, { schema }] of entriesOf(catalogue))
      registry.add(bodyOf(schema), { id: `${messageName(side, name)}Body` });
  };
  bodies('client_message', clientMessages);
  bodies('server_message', serverMessages);
  const { schemas: made } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(entriesOf(made).map(([id, { $schema: _dialect, $id: _id, ...schema }]) => [id, schema]));
}

/** A schema that two messages have is two entries. */
const bodyOf = (schema: z.ZodType): z.ZodType => schema.clone();

import { commandTypes } from '@core/contracts/command';
import { eventTypes } from '@core/contracts/event';
import { commandSubjects, subjects } from '@core/contracts/subjects';
import { parse } from 'yaml';
import { clientMessages, serverMessages } from '@core/ws-session/message-catalogue';
import { asyncApi } from './asyncapi.ts';
import { channels as others } from './channels.ts';
import { websocketApi } from './websocket-api.ts';

interface Document {
  readonly channels: Readonly<Record<string, Channel>>;
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly title?: string; readonly payload: { $ref?: string } }>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, { readonly $ref: string }>>;
}

const said = Object.values(subjects).map((subject) => (typeof subject === 'string' ? subject : subject('*')));
const { channels, components } = parse(asyncApi().text) as Document;
const travels = (of: Readonly<Record<string, Channel>>) =>
  new Set(Object.values(of).flatMap(({ messages }) => Object.keys(messages)));

it('every subject that is told, asked or commanded is in the document, and nothing else', () => {
  const documented = Object.values(channels).map(({ address }) => address.replaceAll(/\{\w+\}/g, '*'));
  expect(documented.toSorted()).toEqual([...said, ...Object.values(commandSubjects)].toSorted());
});

it('every event, command and other message of the catalogue is in the document and travels somewhere, and nothing else', () => {
  const known = [...eventTypes, ...commandTypes].map(({ shape }) => shape.type.value);
  const catalogue = [...known, ...Object.values(others).flatMap(({ messages }) => Object.keys(messages))];
  const expected = [...new Set<string>(catalogue)].toSorted();
  expect(Object.keys(components.messages).toSorted()).toEqual(expected);
  expect(Object.keys(components.schemas).toSorted()).toEqual(expected);
  expect([...travels(channels)].toSorted()).toEqual(expected);
});

it('every message of the WebSocket’s catalogue is in its document and on its channel, and nothing else', () => {
  const { channels: sockets, components: told } = parse(websocketApi().text) as Document;
  const titles = Object.values(told.messages).map(({ title }) => title);
  const expected = [...Object.keys(clientMessages), ...Object.keys(serverMessages), 'Ping', 'Pong'];
  expect(titles.toSorted()).toEqual(expected.toSorted());
  expect([...travels(sockets)].toSorted()).toEqual(Object.keys(told.messages).toSorted());
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeCodes } from './close-code.ts';
import { clientMessages, ServerFrame, serverMessages } from './message-catalogue.ts';
import { clientExamples, serverExamples } from './message-examples.fixture.ts';
import { closeMeanings, sessionErrorMeanings } from './error-meaning.ts';
import { sessionErrorCodes } from './error-code.ts';

const frame = (message: object) => ({ message_id: 'm1', message_type: { server_message: message } });
const samples = JSON.parse(readFileSync(join(__dirname, '../fixtures/server-messages.json'), 'utf8')) as object[];

describe('the catalogue of messages', () => {
  it.each(samples.map((sample, index) => [index + 1, sample] as const))(
    'holds sample %i of the protocol',
    (_, sample) => {
      expect(ServerFrame.safeParse(sample).error).toBeUndefined();
    },
  );

  it.each(Object.entries(serverExamples))('holds its own example of %s, and no other key', (name, body) => {
    expect(ServerFrame.safeParse(frame({ [name]: body })).error).toBeUndefined();
    expect(ServerFrame.safeParse(frame({ [name]: { ...body, astrology: 1 } })).success).toBe(false);
  });

  it.each(Object.entries(clientExamples))('a client’s example of %s is what the server reads', (name, body) => {
    expect(clientMessages[name as keyof typeof clientMessages].schema.safeParse(body).error).toBeUndefined();
  });

  it('knows no message that is in nobody’s list', () => {
    expect(ServerFrame.safeParse(frame({ horoscope: {} })).success).toBe(false);
    expect(Object.keys(serverMessages)).toEqual(expect.arrayContaining(Object.keys(serverExamples)));
  });
});

it('every code that ends a connection, and every one of a session, says its cause and what to do', () => {
  expect(Object.keys(closeMeanings).toSorted()).toEqual(Object.keys(closeCodes).toSorted());
  expect(Object.keys(sessionErrorMeanings).toSorted()).toEqual([...sessionErrorCodes].toSorted());
});

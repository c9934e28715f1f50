import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { preparedAnswer } from '../views/prepared-answer.ts';
import { RepeatedPolls } from './repeated-polls.ts';

const POLLS_MAX = 200_000;
const ADDRESS_MAX = 256;

const answer = preparedAnswer('[]');
const get = (url: string, authorization = 'Bearer x') =>
  ({ method: 'GET', url, headers: { authorization } }) as unknown as IncomingMessage;

function polls() {
  const whole = jest.fn();
  const server = new EventEmitter().on('request', whole);
  const repeated = new RepeatedPolls({ marksFor: () => [] }, () => undefined);
  repeated.standBefore(server as Server);
  const response = { writeHead: () => response, end: () => response } as unknown as ServerResponse;
  return {
    remember: (request: IncomingMessage) => repeated.remember(request, { route: '/quotes', answer: () => answer }),
    /** Whether it is answered without going the whole way. */
    isRepeated: (request: IncomingMessage): boolean => {
      whole.mockClear();
      server.emit('request', request, response);
      return whole.mock.calls.length === 0;
    },
  };
}

describe('polls that are remembered', () => {
  it('have short addresses: whoever invents long ones fills no memory', () => {
    const { remember, isRepeated } = polls();
    const address = (length: number): string => '/quotes?symbols='.padEnd(length, 'A');
    for (const [length, expected] of [
      [ADDRESS_MAX, true],
      [ADDRESS_MAX + 1, false],
      [65_536, false],
    ] as const) {
      remember(get(address(length)));
      expect(isRepeated(get(address(length)))).toBe(expected);
    }
  });

  it('are so many: whoever invents addresses without end has the oldest forgotten', () => {
    const { remember, isRepeated } = polls();
    for (let n = 0; n <= POLLS_MAX; n += 1) remember(get(`/quotes?symbols=${n}`));
    expect([0, 1, POLLS_MAX].map((n) => isRepeated(get(`/quotes?symbols=${n}`)))).toEqual([false, true, true]);
  });
});

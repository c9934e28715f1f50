import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { preparedAnswer } from '../views/prepared-answer.ts';
import { RepeatedPolls } from './repeated-polls.ts';

const POLLS_MAX = 200_000;
const ADDRESS_MAX = 256;

const answer = preparedAnswer('[]');
const socket = new Socket();
const get = (url: string): IncomingMessage =>
  Object.assign(new IncomingMessage(socket), { method: 'GET', url, headers: { authorization: 'Bearer x' } });

function polls() {
  const whole = jest.fn();
  const server = createServer(whole);
  const repeated = new RepeatedPolls({ marksFor: () => [] }, () => undefined);
  repeated.standBefore(server);
  return {
    remember: (request: IncomingMessage) => repeated.remember(request, { route: '/quotes', answer: () => answer }),
    /** Asks all of them in one turn; gives the responses. */
    ask: (...requests: readonly IncomingMessage[]): readonly ServerResponse[] => {
      const responses = requests.map((request) => new ServerResponse(request));
      requests.forEach((request, n) => server.emit('request', request, responses[n]));
      return responses;
    },
    /** Whether it is answered without going the whole way. */
    isRepeated: (request: IncomingMessage): boolean => {
      whole.mockClear();
      server.emit('request', request, new ServerResponse(request));
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

  it('are answered together, when all that came in one turn is read', async () => {
    const { remember, ask } = polls();
    const requests = ['A', 'B', 'C'].map((symbol) => get(`/quotes?symbols=${symbol}`));
    for (const request of requests) remember(request);
    const responses = ask(...requests);
    const areSent = (): boolean[] => responses.map(({ writableEnded }) => writableEnded);
    expect(areSent()).toEqual([false, false, false]);
    await new Promise(setImmediate);
    expect(areSent()).toEqual([true, true, true]);
  });
});

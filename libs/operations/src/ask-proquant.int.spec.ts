import { newId } from '@core/service/clock';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askProquant, type AskingLimits } from './ask-proquant.ts';

const LIMITS: AskingLimits = { attemptsMax: 3, timeoutMs: 10_000, minMs: 1, maxMs: 5 };
const TOKEN = 'canary-token-8f14e45fceea167a';

type Answer = (response: ServerResponse) => unknown;
const says =
  (status: number, text = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(text);

/** Asks a server that answers so, one after the other. */
async function asking(answers: readonly Answer[], limits = LIMITS) {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    request.resume();
    answers[heard.push(request.headers) - 1]?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const outcome = await askProquant({ url, id: newId(), body: JSON.stringify({ t: TOKEN }), token: TOKEN }, limits);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { outcome, heard, url };
}

describe('asking ProQuant for an Integration', () => {
  it('is done once where it is taken, whatever else the answer says', async () => {
    const { outcome, heard } = await asking([says(201, 'anything')]);
    expect(outcome).toEqual({ state: 'requested', attempts: 1, detail: null });
    expect(heard[0]).toMatchObject({ 'content-type': 'application/json' });
  });

  it('is tried again while nothing was taken, under one key', async () => {
    const { outcome, heard } = await asking([says(503), says(429), says(200)]);
    expect(outcome).toEqual({ state: 'requested', attempts: 3, detail: null });
    expect(new Set(heard.map((headers) => headers['idempotency-key'])).size).toBe(1);
  });

  it('ends after so many attempts, and where it is asked to stay away for longer than that', async () => {
    const { outcome, heard } = await asking([says(503), says(503), says(503, 'busy'), says(200)]);
    expect([outcome, heard.length]).toEqual([{ state: 'unreachable', attempts: 3, detail: '503 busy' }, 3]);
    const later = await asking([says(429, '', { 'retry-after': '60' }), says(200)]);
    expect(later.outcome).toMatchObject({ state: 'unreachable', attempts: 1 });
  });

  it('is not tried again where it is refused for good, nor sent on where it is redirected', async () => {
    const refused = await asking([says(422, 'no such user'), says(200)]);
    expect(refused.outcome).toEqual({ state: 'refused', attempts: 1, detail: '422 no such user' });
    const { outcome, heard } = await asking([says(307, '', { location: '/' }), says(200)]);
    expect([outcome.state, heard.length]).toEqual(['refused', 1]);
  });

  it('is not tried again where it may have been taken: its user would be asked twice', async () => {
    const broken: Answer = (response) => response.destroy();
    const silent: Answer = () => undefined;
    for (const answer of [says(500), says(504), broken]) {
      const { outcome, heard } = await asking([answer, says(200)]);
      expect([outcome.state, heard.length]).toEqual(['unknown', 1]);
    }
    const { outcome } = await asking([silent, says(200)], { ...LIMITS, timeoutMs: 50 });
    expect(outcome).toEqual({ state: 'unknown', attempts: 1, detail: 'no answer in time' });
  });

  it('comes to nothing where nobody listens', async () => {
    const { url } = await asking([says(200)]);
    const gone = await askProquant({ url, id: newId(), body: '{}', token: TOKEN }, LIMITS);
    expect(gone).toEqual({ state: 'unreachable', attempts: 3, detail: 'ECONNREFUSED' });
  });

  it('never brings the token back to a screen', async () => {
    const { outcome } = await asking([says(400, `you said {"t":"${TOKEN}"}`)]);
    expect(outcome.detail).toBe('400 you said {"t":"[hidden]"}');
  });
});

import { fuzz } from '@core/testing/fuzz';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { Health } from './health.ts';
import { LogLevel } from './log-level.ts';
import { createLogger } from './logging.ts';
import { OpsServer } from './ops-server.ts';
import { Screens } from './screens.ts';
import { noTracing } from './tracing.ts';

const answerTo = async (port: number, request: Uint8Array): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk))).on('error', () => undefined);
  socket.end(request);
  await once(socket, 'close');
  return answer;
};

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

it('whatever is sent to a health port is answered or cut off, and the next question is answered', async () => {
  const health = new Health(1_000);
  health.started();
  const server = new OpsServer({
    health,
    metrics: new Registry(),
    level: new LogLevel(createLogger('example', 'silent')),
    screens: new Screens(noTracing),
  });
  const port = await server.listen('127.0.0.1', 0);
  await fuzz({
    name: 'health port',
    examples: ['/health/ready', '/metrics?x=1', '//', 'http://[', '*'].map(get),
    take: async (input) => {
      const answer = await answerTo(port, input);
      if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404|413|431|503) /);
    },
    others: async () => expect(await answerTo(port, Buffer.from(get('/health/ready')))).toContain(' 200 OK'),
  });
  await server.close();
});

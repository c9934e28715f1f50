import { Logger as NestLogger } from '@nestjs/common';
import { createLogger, nestLogger } from './logging.ts';

function capture(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('example', 'info', { write: (line) => lines.push(line) }));
  return lines.join('');
}

describe('createLogger', () => {
  it.each([
    { password: 'hunter2' },
    { account: { token: 'hunter2' } },
    { request: { headers: { authorization: 'Bearer hunter2' } } },
    { request: { headers: { 'x-proquant-token': 'hunter2' } } },
    { frames: [{ data: { secret_key: 'hunter2' } }] },
  ])('hides the secret in %j', (fields) => {
    const line = capture((log) => log.info(fields, 'seen'));
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('hunter2');
  });

  it('names the service and the level', () => {
    expect(JSON.parse(capture((log) => log.warn('careful')))).toMatchObject({
      service: 'example',
      level: 'warn',
      msg: 'careful',
    });
  });

  it("writes what is logged through Nest's own logger", () => {
    const line = capture((log) => {
      NestLogger.overrideLogger(nestLogger(log));
      new NestLogger('Orders').log({ orderId: 'o1', token: 'hunter2', msg: 'placed' });
      NestLogger.overrideLogger(false);
    });
    expect(JSON.parse(line)).toMatchObject({ context: 'Orders', orderId: 'o1', token: '[redacted]', msg: 'placed' });
  });
});

import { exampleId } from '@core/contracts/examples.fixture';
import { spanIdOf, spanOfTraceparent, traceIdOf, traceparentOf } from './trace-context.ts';

const correlation = exampleId(1);

describe('the context of a trace', () => {
  it('has the id of its story', () => {
    expect(traceIdOf('0195F0A0-0000-7000-8000-00000000000A')).toBe(
      '0195f0a0000070008000-00000000000a'.replace('-', ''),
    );
  });

  it('gives each step about the same thing an id that everyone finds again', () => {
    const ids = (['itself', 'request', 'ask'] as const).map((role) => spanIdOf(correlation, role));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(spanIdOf(correlation)).toBe(ids[0]);
  });

  it('travels in a header', () => {
    const span = spanIdOf(correlation, 'ask');
    expect(spanOfTraceparent(traceparentOf(correlation, span), correlation)).toBe(span);
  });

  it.each([
    ['nothing', undefined],
    ['noise', 'x'],
    ['another story', traceparentOf(exampleId(2), spanIdOf(correlation))],
    ['no span', traceparentOf(correlation, '0'.repeat(16))],
    ['too much', `${traceparentOf(correlation, spanIdOf(correlation))}00`],
  ])('is not read of %s', (_, header) => {
    expect(spanOfTraceparent(header, correlation)).toBeNull();
  });
});

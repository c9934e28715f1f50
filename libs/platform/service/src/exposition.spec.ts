import { Histogram, Registry } from 'prom-client';
import { Exposition } from './exposition.ts';

const TRACE = { trace_id: '0123456789abcdef0123456789abcdef' };

it('figures lead to a trace for whoever reads OpenMetrics, and are as ever for whoever does not', async () => {
  const registry = new Registry();
  const seconds = new Histogram<'request' | 'trace_id'>({
    ...{ name: 'request_seconds', help: 'x', labelNames: ['request'], buckets: [1] },
    ...{ enableExemplars: true, registers: [registry] },
  });
  seconds.observe({ labels: { request: 'place' }, value: 0.5, exemplarLabels: TRACE });
  const exposition = new Exposition(registry);
  const [open, plain, again] = await Promise.all([
    exposition.figures('application/openmetrics-text;version=1.0.0,text/plain;q=0.5'),
    exposition.figures(undefined),
    exposition.figures('application/openmetrics-text'),
  ]);
  expect(open.type).toContain('openmetrics');
  expect(open.body).toMatch(/request_seconds_bucket\{le="1",request="place"\} 1 # \{trace_id="0123456789abcdef/);
  expect(plain.type).toContain('text/plain');
  expect(plain.body).not.toContain('trace_id');
  expect(again.body.endsWith('# EOF\n')).toBe(true);
});

import { Counter, Histogram } from 'prom-client';
import { expositionOf, openRegistryOfFigures } from './exposition.ts';

const TRACE = { trace_id: '0123456789abcdef0123456789abcdef' };

it('figures lead to a trace for whoever reads OpenMetrics, and are as ever for whoever does not', async () => {
  const registry = openRegistryOfFigures();
  new Counter({ name: 'requests_total', help: 'All', registers: [registry] }).inc(2);
  const seconds = new Histogram<'request' | 'trace_id'>({
    ...{ name: 'request_seconds', help: 'Each', labelNames: ['request'], buckets: [1] },
    ...{ enableExemplars: true, registers: [registry] },
  });
  seconds.observe({ labels: { request: 'place' }, value: 0.5, exemplarLabels: TRACE });
  const open = await expositionOf(registry, 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
  expect(open.type).toContain('openmetrics');
  expect(open.body).toMatch(/request_seconds_bucket\{.*le="1".*\} 1 # \{trace_id="0123456789abcdef/);
  expect(open.body.endsWith('# EOF\n')).toBe(true);
  const plain = await expositionOf(registry, undefined);
  expect(plain.type).toContain('text/plain');
  expect(plain.body).toContain('# TYPE requests_total counter\nrequests_total 2\n');
  expect(plain.body).toMatch(/^request_seconds_bucket\{.*le="1".*\} 1$/m);
  expect(plain.body).not.toMatch(/trace_id|EOF/);
});

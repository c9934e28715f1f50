import { bundleOf } from '@core/machine/app-process';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

describe('an app as it is built', () => {
  // It loads what it needs, and ends for its port is taken.
  const taken = createServer();
  beforeAll(() => once(taken.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => once(taken.close(), 'close'));

  it.each([
    ['nothing of OpenTelemetry’s SDK where nobody collects traces', {}, false],
    ['it where somebody does', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])(
    'loads %s',
    (_, told, isLoaded) => {
      const { port } = taken.address() as AddressInfo;
      const env = { ...process.env, ...told, OPS_PORT: String(port), NODE_DEBUG: 'module' };
      const options = { env, encoding: 'utf8', maxBuffer: 1e9 } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [bundleOf('xapi-simulator')], options);
      expect([status, stdout]).toEqual([1, expect.stringContaining('EADDRINUSE')]);
      expect(stderr).toContain('node_modules/pino/');
      expect(stderr.includes('@opentelemetry/sdk')).toBe(isLoaded);
    },
    60_000,
  );
});

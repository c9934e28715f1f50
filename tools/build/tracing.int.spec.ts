import { bundleOf } from '@core/machine/app-process';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('an app as it is built', () => {
  // It loads what it needs, and ends for its port is taken.
  const taken = createServer();
  const folder = mkdtempSync(join(tmpdir(), 'tracing-spec-'));
  const file = join(folder, 'modules');
  beforeAll(() => once(taken.listen(0, '127.0.0.1'), 'listening'));
  afterAll(async () => {
    await once(taken.close(), 'close');
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['nothing of OpenTelemetry’s SDK where nobody collects traces', {}, false],
    ['it where somebody does', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
  ])(
    'loads %s',
    (_, told, isLoaded) => {
      const { port } = taken.address() as AddressInfo;
      const env = { ...process.env, ...told, OPS_PORT: String(port), NODE_DEBUG: 'module' };
      // Of what is said so a pipe loses whatever its reader has no time for.
      const modules = openSync(file, 'w');
      const { status, stdout } = spawnSync(process.execPath, [bundleOf('xapi-simulator')], {
        ...{ env, encoding: 'utf8', stdio: ['ignore', 'pipe', modules] },
      });
      closeSync(modules);
      expect([status, stdout]).toEqual([1, expect.stringContaining('EADDRINUSE')]);
      const loaded = readFileSync(file, 'utf8');
      expect(loaded).toContain('node_modules/@opentelemetry/api/');
      expect(loaded.includes('@opentelemetry/sdk')).toBe(isLoaded);
    },
    60_000,
  );
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CertificateSettings } from '../config.ts';
import { certificateFor } from './certificate.ts';
import { startExample } from './running-example.fixture.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;

/** A client that other people wrote, against our server: the two agree on the protocol, or one of them is wrong. */
it(
  'xapi-node logs in over a secure WebSocket, trades and receives the stream',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const { cert, key } = await certificateFor(new CertificateSettings());
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const running = await startExample({
      SIMULATOR_WSS_PORT: '0',
      SIMULATOR_TLS_CERT_FILE: certFile,
      SIMULATOR_TLS_KEY_FILE: keyFile,
    });
    try {
      const { host } = new URL(running.addresses.wss?.main ?? '');
      const script = join(__dirname, 'xapi-node-client.ts');
      const { stdout } = await run(process.execPath, ['--require', 'tsx/cjs', script, host], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: certFile },
        timeout: TIMEOUT_MS,
      });
      const seen = JSON.parse(stdout);
      expect(seen).toMatchObject({
        version: { version: '2.5.0' },
        gold: { symbol: 'GOLD', contractSize: 100, precision: 2 },
        tick: { symbol: 'EURUSD', ask: expect.any(Number), timestamp: expect.any(Number) },
        bought: { requestStatus: 3 },
        seenOpen: 1,
        sold: { requestStatus: 3 },
        closedPosition: seen.position,
        deleted: { requestStatus: 3 },
      });

      const account = running.simulator.broker.account('10001');
      expect(account.deals).toMatchObject([{ position: seen.position, volume: 10 }]);
      expect([account.positions.size, account.pendings.size]).toEqual([0, 0]);
      const received = running.simulator.journal.after(0, '10001', 10);
      expect(received.map(({ request }) => [request?.type, request?.cmd])).toEqual([
        [0, 0],
        [2, 1],
        [0, 2],
        [4, 0],
      ]);
    } finally {
      await running.stop();
      rmSync(folder, { recursive: true });
    }
  },
  TIMEOUT_MS,
);

import { isFree } from '@core/machine/ports';

/** Below the ports that systems give to outgoing connections, which would take one between looking and listening. */
const FIRST = 16_000;
/** Every worker of the test run has its own. */
const PER_WORKER = 500;
const WORKERS = 8;

const first = FIRST + (Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS) * PER_WORKER;
let offset = Math.floor(Math.random() * PER_WORKER);

/** A port that nobody listens on and that this worker has not given out lately. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PER_WORKER; tries += 1) {
    offset = (offset + 1) % PER_WORKER;
    const port = first + offset;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${first} on`);
}

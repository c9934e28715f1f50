import { join } from 'node:path';

const MEMORY_PROBE = join(__dirname, 'memory-probe.cjs');

/** What an app's environment has so that it can be asked what it holds. */
export const memoryProbe = (port: number): Record<string, string> => ({
  NODE_OPTIONS: `--require=${MEMORY_PROBE}`,
  MEMORY_PROBE_PORT: String(port),
});

/** Bytes that such a process holds, its garbage collected. */
export async function heldBytes(port: number): Promise<number> {
  const asked = await fetch(`http://127.0.0.1:${port}`);
  const { heapUsed, external } = (await asked.json()) as NodeJS.MemoryUsage;
  return heapUsed + external;
}

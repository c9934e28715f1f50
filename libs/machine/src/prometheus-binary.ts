import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a person does about a machine without Prometheus. */
export const HOW_TO_GET_PROMETHEUS = 'apt-get install prometheus, which brings promtool';

const found = (name: string): string | null =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;

/** The Prometheus of this machine and its tool; null where there is none. */
export function prometheusBinaries(): { readonly server: string; readonly tool: string } | null {
  const [server, tool] = [found('prometheus'), found('promtool')];
  return server === null || tool === null ? null : { server, tool };
}

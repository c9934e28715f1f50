import { installedProgram } from './program.ts';

/** What a person does about a machine without Prometheus. */
export const HOW_TO_GET_PROMETHEUS = 'apt-get install prometheus, which brings promtool';

/** The Prometheus of this machine and its tool; null where there is none. */
export function prometheusBinaries(): { readonly server: string; readonly tool: string } | null {
  const [server, tool] = [installedProgram('prometheus'), installedProgram('promtool')];
  return server === null || tool === null ? null : { server, tool };
}

import { NginxServer } from '@core/machine/nginx-server';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { upstreamsOf, type CellUpstreams } from './cell-upstreams.ts';

const deployed = (name: string): string => readFileSync(join(ROOT, 'infra/nginx', name), 'utf8');

/** The deployed rules in front of cells of this machine, without TLS. */
export const cellProxy = (folder: string, port: number, cells: readonly CellUpstreams[]): NginxServer =>
  new NginxServer({
    folder,
    port,
    http: `${upstreamsOf(cells)}\n${deployed('routing.conf')}`,
    locations: deployed('locations.conf'),
  });

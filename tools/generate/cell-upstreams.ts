import { upstreamsOf } from '../proxy/cell-upstreams.ts';
import type { GeneratedFile } from './generated-file.ts';

const cell = (name: string, host: string) => ({
  ...{ name, gateway: `${host}:8080`, webhook: `${host}:8081`, session: `${host}:8082` },
});

/** For two cells, as an example of what a deployment says of its own. */
export const cellUpstreamsFile = (): GeneratedFile => ({
  path: 'infra/nginx/upstreams.conf',
  text: `# As tools/proxy/cell-upstreams.ts writes it for two cells, a and b: put your own in their place.\n\n${upstreamsOf([cell('a', '10.0.0.1'), cell('b', '10.0.0.2')])}`,
});

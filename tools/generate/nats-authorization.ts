import { natsAuthorization } from '@core/bus/nats-authorization';
import type { GeneratedFile } from './generated-file.ts';

/** For servers that somebody else runs: each password comes from the server's environment. */
export const natsAuthorizationFile = (): GeneratedFile => ({
  path: 'infra/nats/authorization.conf',
  text: `# Generated from libs/platform/bus/src/nats-authorization.ts by \`npm run generate\`; do not edit.\n${natsAuthorization(variableOf)}`,
});

const variableOf = (login: string): string => `$${login.replaceAll('-', '_').toUpperCase()}_PASSWORD`;

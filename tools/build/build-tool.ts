import { join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { bundle, replace } from './bundle.ts';

/** The first is for few verbs; Nest would validate with the others. */
const SELDOM = ['yaml', 'class-transformer', 'class-validator'];
/** What else it depends on: the packages as they are installed, and this recipe. */
const BESIDES = ['node_modules/.package-lock.json', 'tools/build/build-tool.ts', 'tools/build/bundle.ts'];

/**
 * Bundles a tool that people call again and again, with its packages: loaded file by file it would take several times
 * as long to begin. Beside the bundle stands what it is made of, by which `bootstrap.mjs` knows whether it is still right.
 */
export async function buildTool(entry: string): Promise<void> {
  const outfile = join('dist', entry.replace(/\.ts$/, '.js'));
  const { sources } = await bundle({ entry, outfile, keepsPlaces: true, packages: 'inside', seldom: SELDOM });
  const ours = sources.filter((file) => !file.startsWith('node_modules/'));
  await replace(join(ROOT, `${outfile}.sources.json`), JSON.stringify([...ours, ...BESIDES]));
}

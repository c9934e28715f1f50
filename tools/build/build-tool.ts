import { join } from 'node:path';
import { ROOT } from '../check/command.ts';
import { bundle, replace } from './bundle.ts';

/**
 * Bundles a tool that people call again and again: loaded from its sources it would take four times as long to begin.
 * Beside the bundle stands what it is made of, by which `bootstrap.mjs` knows whether it is still right.
 */
export async function buildTool(entry: string): Promise<void> {
  const outfile = join('dist', entry.replace(/\.ts$/, '.js'));
  const sources = await bundle({ entry, outfile, keepsPlaces: true });
  await replace(join(ROOT, `${outfile}.sources.json`), JSON.stringify(sources));
}

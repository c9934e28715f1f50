import { transform, type Options } from '@swc/core';
import type { Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A decorator at the start of a line or in a parameter list; a word too many only costs a millisecond. */
const DECORATED = /^\s*@\w+|[(,]\s*@\w+\(/m;

/**
 * esbuild does not emit decorator metadata, which Nest reads constructor types from.
 * Files with decorators therefore pass through swc, with the same settings as the tests.
 * `keepsPlaces`: each source finds what lies beside it still, on this machine.
 */
export function decorators(root: string, keepsPlaces: boolean): Plugin {
  const settings = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')) as Options;
  return {
    name: 'decorators',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const source = keepsPlaces ? text.replaceAll('__dirname', JSON.stringify(dirname(path))) : text;
        if (!DECORATED.test(source)) return { contents: source, loader: 'ts' };
        const { code } = await transform(source, {
          ...settings,
          filename: path,
          swcrc: false,
          module: { type: 'es6' },
        });
        return { contents: code, loader: 'js' };
      });
    },
  };
}

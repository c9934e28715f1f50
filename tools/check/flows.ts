import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './command.ts';

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
const SOURCE = /\]\(([^)\s]+\.ts)\)/g;
const CODE = /`([^`\n]+)`/g;
/** `OrderService`, `OrderService.place`, `place()`; anything else in code spans is what people type or see. */
const NAME = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*(?:\(\))?$/;
/** A step of a list, a row of a table, a paragraph. */
const BLOCK = /\n(?=\d+\. |- |\| |\n)/;

/**
 * Flows walk through the code by its names: a name that stands in a step must stand in a file that the step links,
 * or, where it links none, in some file that the document links.
 */
export function strayNames(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => relative(ROOT, file).startsWith('docs/flows/'))
    .flatMap((file) => strayNamesOf(file).map((problem) => `${relative(ROOT, file)}: ${problem}`));
}

/** The same for one document, wherever it lies. */
export function strayNamesOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const everything = linked(file, text);
  return text.split(BLOCK).flatMap((block) => {
    const own = linked(file, block);
    const code = own.length > 0 ? own : everything;
    return namesIn(block)
      .filter((name) => !wordsOf(name).every((word) => code.some((source) => new RegExp(`\\b${word}\\b`).test(source))))
      .map((name) => `no file that is linked there knows ${name}`);
  });
}

/** The texts of the sources that are linked, without their comments: those may speak of what is no more. */
const linked = (file: string, text: string): readonly string[] =>
  [...text.matchAll(SOURCE)]
    .map(([, target = '']) => join(dirname(file), target))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8').replace(COMMENT, ''));

const namesIn = (block: string): readonly string[] =>
  [...block.matchAll(CODE)].map(([, code = '']) => code).filter((code) => NAME.test(code));

const wordsOf = (name: string): readonly string[] => name.replace('()', '').split('.');

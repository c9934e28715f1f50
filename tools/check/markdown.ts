import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ROOT } from './command.ts';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const CODE = /^```[\s\S]*?^```|`[^`\n]*`/gm;
const OURS = /`((?:apps|libs|tools|docs|infra)\/[\w./-]+)`/g;
const APP_LINES = ['Takes in', 'Holds', 'Gives out', 'When it dies', 'Run it alone'];

/** Links of Markdown files to files and headings of this repository that are not there. */
export function deadLinks(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8').replace(CODE, '');
    const targets = [...text.matchAll(LINK)].map(([, target = '']) => target);
    return targets.filter((target) => isDead(file, target)).map((target) => `${relative(ROOT, file)}: ${target}`);
  });
}

/** Files that Markdown names in code and that are not there. What was decided or changed once may name what is gone. */
export function deadNames(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => !/^(docs\/decisions\/|CHANGELOG)/.test(relative(ROOT, file)))
    .flatMap((file) => {
      const names = [...readFileSync(file, 'utf8').matchAll(OURS)].map(([, name = '']) => name);
      return names.filter((name) => !isThere(name)).map((name) => `${relative(ROOT, file)}: ${name}`);
    });
}

/** Also by the beginning of its name, as decisions are called by their number. */
function isThere(name: string): boolean {
  const [path, folder] = [join(ROOT, name), join(ROOT, dirname(name))];
  if (existsSync(path)) return true;
  return existsSync(folder) && readdirSync(folder).some((other) => other.startsWith(`${basename(name)}-`));
}

/** An app's README says the same five things in the same words. */
export function missingAppLines(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => /^apps\/[^/]+\/README\.md$/.test(relative(ROOT, file)))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const missing = APP_LINES.filter((line) => !text.includes(line));
      return missing.map((line) => `${relative(ROOT, file)} does not say: ${line}`);
    });
}

function isDead(file: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return false;
  const [path = '', heading] = target.split('#');
  const there = path === '' ? file : join(dirname(file), path);
  if (!existsSync(there)) return true;
  return heading !== undefined && there.endsWith('.md') && !headingsOf(readFileSync(there, 'utf8')).has(heading);
}

/** Anchors as GitHub makes them. */
const headingsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.replace(CODE, (code) => code.replaceAll('#', ' ')).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

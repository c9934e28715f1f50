import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './command.ts';

const SPECS = /\.(spec|fixture|contract)\.ts$/;
const IMPORT = /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'/gm;

type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Circles among files, and among libraries and apps, where one change may turn out to need another.
 * Specs may close one: they test through a library that knows what they test.
 */
export function circles(files: readonly string[]): readonly string[] {
  const production = files.map((file) => relative(ROOT, file)).filter((file) => !SPECS.test(file));
  const imports = importsOf(production);
  const projects = new Map<string, string[]>();
  for (const [file, targets] of imports) {
    const others = targets.map(projectOf).filter((project) => project !== projectOf(file));
    projects.set(projectOf(file), [...(projects.get(projectOf(file)) ?? []), ...others]);
  }
  return [...circlesOf(imports), ...circlesOf(projects)];
}

/** One line per way back to where one came from; none in a graph without circles. */
export function circlesOf(graph: Graph): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node);
    if (start >= 0) found.push(`a circle: ${[...path.slice(start), node].join(' → ')}`);
    if (start >= 0 || done.has(node)) return;
    for (const next of new Set(graph.get(node))) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}

function importsOf(files: readonly string[]): Graph {
  const known = new Set(files);
  const libraries = aliases();
  const target = (file: string, name: string): string => {
    if (name.startsWith('.')) return join(dirname(file), name);
    const [alias, folder] = libraries.find(([prefix]) => name.startsWith(prefix)) ?? [name, name];
    return `${folder}${name.slice(alias.length)}.ts`;
  };
  return new Map(
    files.map((file) => {
      const names = [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(([, name = '']) => name);
      return [file, names.map((name) => target(file, name)).filter((other) => known.has(other))];
    }),
  );
}

/** `@core/kernel/` and where it lies, from the compiler's paths. */
function aliases(): readonly (readonly [string, string])[] {
  const config = readFileSync(join(ROOT, 'tsconfig.base.json'), 'utf8');
  const { compilerOptions } = JSON.parse(config) as { compilerOptions: { paths: Record<string, [string]> } };
  return Object.entries(compilerOptions.paths).map(([alias, [path]]) => [alias.slice(0, -1), path.slice(2, -1)]);
}

/** The library or app a file belongs to: what lies above its `src`; all tools are one. */
const projectOf = (file: string): string => /^(.*?)\/src\//.exec(file)?.[1] ?? file.slice(0, file.indexOf('/'));

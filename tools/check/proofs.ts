/** Something that must hold, and the tests that fail when it does not: each by a part of its title. */
export interface Point {
  readonly number: string;
  readonly what: string;
  readonly proofs: readonly { readonly file: string; readonly titles: readonly string[] }[];
}

/** The tables of `docs/proofs.md`, each under the heading that says of what. */
export function proofsOf(text: string): readonly { readonly of: string; readonly points: readonly Point[] }[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const lines = section.split('\n');
      const rows = lines.filter((line) => /^\| \d/.test(line)).map(pointOf);
      return { of: lines[0] ?? '', points: rows };
    });
}

function pointOf(line: string): Point {
  const [number = '', what = '', proofs = ''] = line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
  return {
    ...{ number, what },
    proofs: [...proofs.matchAll(/\]\(([^)]+)\)((?: “[^”]*”)*)/g)].map(([, file = '', quoted = '']) => ({
      file,
      titles: [...quoted.matchAll(/“([^”]*)”/g)].map(([, title = '']) => title),
    })),
  };
}

/** Titles of the tests of a spec that run. Where any of its tests is skipped nobody is told which: it has none then. */
export function titlesOf(spec: string): readonly string[] {
  const code = spec.replace(/^\s*\/\/.*$/gm, '');
  if (/\b(?:it|test|describe)\.(?:skip|only|todo)\b|^\s*x(?:it|test|describe)\b/m.test(code)) return [];
  const named = /(describe[\w.]*\()?\s*(?:'([^'\n]*)'|`([^`]*)`),\s*(?:async\s*)?(?:\([^()]*\)|\w+)\s*=>/g;
  return [...code.matchAll(named)].flatMap(([, group, plain, template]) =>
    group === undefined ? [plain ?? template ?? ''] : [],
  );
}

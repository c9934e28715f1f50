/** Deepest nesting of arrays and objects that anyone who speaks to us has a use for; ours stay below ten. */
export const JSON_DEPTH_MAX = 64;

/** What JSON text of somebody else says; undefined where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same for who tells it again or walks through it: undefined also where it is nested too deep for that. */
export const readFlatJson = (text: string): unknown => (whyTooDeep(text) === null ? readJson(text) : undefined);

const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];

/** Why JSON text from outside must not be told again, or null: a parser takes nesting that overflows whoever does. */
export const whyTooDeep = (text: string): string | null =>
  isNestedDeeperThan(text, JSON_DEPTH_MAX) ? `nested deeper than ${JSON_DEPTH_MAX}` : null;

/** Brackets within strings do not nest. */
function isNestedDeeperThan(text: string, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
      if (at === -1) return false;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > levels) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Where the quote stands that ends a string, or -1: then the text is no JSON. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text.charCodeAt(at - slashes - 1) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

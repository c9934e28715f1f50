/** A piece of HTML whose texts have been escaped. */
export class Html {
  constructor(readonly source: string) {}
}

type Part = Html | string | number | false | null;

/** HTML in which every value is text, unless it is HTML itself; what is not there is left out. */
export function html(literals: TemplateStringsArray, ...parts: readonly (Part | readonly Part[])[]): Html {
  const values = parts.map((part) => [part].flat().map(escaped).join(''));
  return new Html(String.raw({ raw: literals }, ...values));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(part: Part): string {
  if (part instanceof Html) return part.source;
  if (part === false || part === null) return '';
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

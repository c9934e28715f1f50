/** Strings are matched whole, so that only numbers of the JSON itself are found. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** JSON with every number as the text it was written as, behind a `#`: `{"volume":"#0.1"}`. */
export function withNumbersAsText(json: string): unknown {
  return JSON.parse(json.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"#${token}"`)));
}

/** Whether a value read that way is of a documented type; `?` allows null. */
export function isOfType(value: unknown, documented: string): boolean {
  const type = documented.replace('?', '');
  if (value === null) return documented.endsWith('?');
  switch (type) {
    case 'floating':
      return typeof value === 'string' && /^#-?\d+\.\d+$/.test(value);
    case 'number':
    case 'time':
      return typeof value === 'string' && /^#-?\d+$/.test(value);
    case 'string':
      return typeof value === 'string' && !value.startsWith('#');
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    default:
      throw new Error(`no type ${type}`);
  }
}

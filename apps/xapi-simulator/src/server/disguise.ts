import type { BehaviourSettings } from '../core/behaviour-settings.ts';

/** Strings are skipped whole, so that only numbers of the JSON itself are found. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?/g;
const UNKNOWN_FIELD = '"zzUnknown":{"of":"this version"}';

/** A message as a server of another make would print it; by default unchanged. */
export function disguise(message: string, { numbers, unknownFields }: BehaviourSettings['wire']): string {
  const typed = numbers === 'typed' ? message : message.replace(STRING_OR_NUMBER, (token) => renumber(token, numbers));
  if (!unknownFields) return typed;
  return typed.replace(/"data":\s*\{/, `$&${UNKNOWN_FIELD},`).replace(/\s*\}\s*$/, `,${UNKNOWN_FIELD}}`);
}

function renumber(token: string, numbers: 'integers' | 'floats' | 'padded'): string {
  if (token.startsWith('"')) return token;
  const [whole = '', fraction] = token.split('.');
  switch (numbers) {
    case 'integers':
      return fraction !== undefined && /^0+$/.test(fraction) ? whole : token;
    case 'floats':
      return fraction === undefined ? `${whole}.0` : token;
    case 'padded':
      return fraction === undefined ? token : `${whole}.${fraction.padEnd(8, '0')}`;
  }
}

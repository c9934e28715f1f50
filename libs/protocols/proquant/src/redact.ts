import { readFlatJson } from '@core/kernel/foreign-json';

/** What our registration looks like when it is echoed: its headers are the token. */
const DROPPED: ReadonlySet<string> = new Set(['webhook', 'headers', 'useremail']);
/** What names a strategy or its position, which may be as long as a token. */
const NAMES: ReadonlySet<string> = new Set(['id', 'proquantPositionId']);
/** A token is 256 random bits in base64url; whatever else is so long and without a blank may be another one. */
const TOKEN_LIKE = /[\w+/=-]{43,}/g;
/** A shorter text is none of our tokens, and might be a part of any word. */
const TOKEN_MIN = 16;
const HIDDEN = '[hidden]';

/**
 * A body as it may be kept and shown: our registration and its secrets are gone, wherever and under whatever version.
 * `token` is the one the request came with. Null for what is no JSON: a secret cannot be found in it.
 */
export function redact(body: string, token: string): string | null {
  const json = readFlatJson(body);
  return json === undefined ? null : JSON.stringify(withoutSecrets(json, token));
}

/** By value: in texts, in keys, in links, and in JSON that stands in a text. */
function withoutSecrets(json: unknown, token: string, key = ''): unknown {
  if (typeof json === 'string') return NAMES.has(key) ? withoutToken(json, token) : hiddenIn(json, token);
  if (Array.isArray(json)) return json.map((each: unknown) => withoutSecrets(each, token));
  if (typeof json !== 'object' || json === null) return json;
  const kept = Object.entries(json).filter(([name]) => !DROPPED.has(name.toLowerCase()));
  return Object.fromEntries(
    kept.map(([name, value]) => [hiddenIn(name, token), withoutSecrets(value, token, name)] as const),
  );
}

function hiddenIn(text: string, token: string): string {
  const inner = /^\s*[[{"]/.test(text) ? readFlatJson(text) : undefined;
  const said = inner === undefined ? text : JSON.stringify(withoutSecrets(inner, token));
  return withoutToken(said, token).replace(TOKEN_LIKE, HIDDEN);
}

const withoutToken = (text: string, token: string): string =>
  token.length < TOKEN_MIN ? text : text.replaceAll(token, HIDDEN);

import { decodeDelivery } from './event.ts';
import { exampleDelivery } from './example.ts';
import { redact } from './redact.ts';

const TOKEN = 'canary-token-8f14e45fceea167a';
const OTHER = 'Zm9yZ290dGVuLW90aGVyLXRva2VuLW9mLTI1Ni1iaXRz';

const shown = (body: unknown): string => redact(JSON.stringify(body), TOKEN) ?? '';

describe('redaction', () => {
  it('keeps the event and drops our registration, under every version and spelling', () => {
    const echoed = { name: 'shown', userEmail: 'a@b', webhook: { url: 'u', headers: { 'x-proquant-token': 't' } } };
    const kept = shown({ ...exampleDelivery({ integration: echoed }), v2: { WebHook: 'gone', Headers: ['gone'] } });
    expect(kept).toContain('XAUUSD');
    expect(kept).toContain('shown');
    for (const gone of ['a@b', 'x-proquant-token', 'gone']) expect(kept).not.toContain(gone);
  });

  it.each<[string, unknown]>([
    ['in a text', { note: `token ${TOKEN}.` }],
    ['in a link', { url: `https://x.y/hook?token=${TOKEN}&a=1` }],
    ['in JSON in a text', { raw: JSON.stringify({ headers: { t: TOKEN }, config: TOKEN }) }],
    ['in JSON in JSON in a text', { raw: JSON.stringify({ raw: JSON.stringify({ config: TOKEN }) }) }],
    ['in JSON in a text, escaped', { raw: `{"a":"${TOKEN.replace('c', String.raw`\u0063`)}"}` }],
    ['under another name', { httpHeaders: { authorization: TOKEN } }],
    ['in pairs of name and value', { config: [{ name: 'x-proquant-token', value: TOKEN }] }],
    ['as a key', { [TOKEN]: true }],
    ['as the name of a version', { [`v-${TOKEN}`]: {} }],
    ['as a deprecation', { v1: { deprecation: TOKEN, event: {} } }],
    ['in the name of a strategy', exampleDelivery({}, { strategy: { id: 's', name: `my ${TOKEN}` } })],
    ['as the id of a strategy', exampleDelivery({}, { strategy: { id: TOKEN, name: '' } })],
    ['in a list', [[[TOKEN]]]],
    ['alone', TOKEN],
    ['in JSON that says a text', JSON.stringify(`x${TOKEN}`)],
  ])('finds the token by its value: %s', (_where, body) => {
    expect(shown(body)).not.toContain('8f14e45fceea167a');
    expect(shown(body)).not.toContain(String.raw`\u0063anary`);
  });

  it('finds it behind escapes, and another of our tokens by its looks', () => {
    const escaped = `{"a": "${TOKEN.replace('c', String.raw`\u0063`)}"}`;
    expect(redact(escaped, TOKEN)).toBe('{"a":"[hidden]"}');
    expect(shown({ a: `of before: ${OTHER}` })).not.toContain(OTHER);
  });

  it('leaves the long names of strategies and positions, and reads the same event out of what it kept', () => {
    const id = 'a'.repeat(64);
    const delivery = exampleDelivery({}, { strategy: { id, name: 'Gold' }, proquantPositionId: id });
    expect(decodeDelivery(shown(delivery))).toEqual(decodeDelivery(JSON.stringify(delivery)));
    expect(redact(shown(delivery), TOKEN)).toBe(shown(delivery));
  });

  it('shows nothing of what it cannot read', () => {
    const broken = `{"webhook": "${TOKEN}"`;
    expect(redact(broken, TOKEN)).toBeNull();
    expect(redact('['.repeat(60_000) + ']'.repeat(60_000), TOKEN)).toBeNull();
  });
});

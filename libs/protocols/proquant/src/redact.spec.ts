import { exampleDelivery } from './example.ts';
import { redact } from './redact.ts';

const CANARY = 'canary-token-91c2';

describe('redaction', () => {
  it('keeps the event and drops our registration, under every version and spelling', () => {
    const echoed = {
      name: 'shown',
      userEmail: CANARY,
      webhook: { url: CANARY, headers: { 'x-proquant-token': CANARY } },
    };
    const body = { ...exampleDelivery({ integration: echoed }), v2: { event: { WebHook: CANARY, Headers: [CANARY] } } };
    const { shown } = redact(JSON.stringify(body));
    expect(shown).toContain('XAUUSD');
    expect(shown).toContain('shown');
    expect(shown).not.toContain(CANARY);
  });

  it('shows nothing of what it cannot read', () => {
    const broken = `{"webhook": "${CANARY}"`;
    expect(redact(broken)).toMatchObject({ shown: null, bytes: Buffer.byteLength(broken) });
    expect(redact('['.repeat(60_000) + ']'.repeat(60_000)).shown?.length ?? 0).toBeLessThan(4_096);
  });

  it('knows a body again by its digest', () => {
    expect(redact('a').sha256).toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
  });
});

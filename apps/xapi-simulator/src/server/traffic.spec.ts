import { Traffic } from './traffic.ts';

const passed = { connection: 1, socket: 'main', userId: null, direction: 'in', afterMs: null } as const;

it('what passes is kept from the first question on, for as long as somebody asks', () => {
  let now = 0;
  const traffic = new Traffic(() => now);
  traffic.take({ ...passed, text: 'nobody looks' });
  expect(traffic.after(0, null, 10)).toEqual([]);
  traffic.take({ ...passed, text: 'one' });
  traffic.take({ ...passed, connection: 2, text: 'two' });
  expect(traffic.after(0, null, 10).map(({ text }) => text)).toEqual(['one', 'two']);
  expect(traffic.after(1, null, 10).map(({ text }) => text)).toEqual(['two']);
  expect(traffic.after(0, 2, 10).map(({ number, at }) => [number, at])).toEqual([[2, 0]]);
  expect(traffic.after(0, null, 1).map(({ text }) => text)).toEqual(['two']);
  now = 30_000;
  traffic.take({ ...passed, text: 'nobody looks any more' });
  expect(traffic.after(0, null, 10)).toEqual([]);
});

it('no secret is in it, and of long messages the beginning', () => {
  const traffic = new Traffic(() => 0);
  traffic.after(0, null, 1);
  traffic.take({
    ...passed,
    text: '{"arguments":{"password":"a \\"quoted\\" one","userId":"1"},"streamSessionId" : "s"}',
  });
  traffic.take({ ...passed, text: 'x'.repeat(5_000) });
  const [first, second] = traffic.after(0, null, 10);
  expect(first?.text).toBe('{"arguments":{"password":"…","userId":"1"},"streamSessionId" : "…"}');
  expect(second?.text).toHaveLength(1_000);
});

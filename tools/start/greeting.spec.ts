import { exampleEndpoints } from './endpoints.fixture.ts';
import { greeting } from './greeting.ts';

const shown = greeting(exampleEndpoints, '.data', 'http://127.0.0.1:1/enter/x');

it('is short, begins with the console’s link and ends with what to do next', () => {
  const lines = shown.trim().split('\n');
  expect(lines.length).toBeLessThanOrEqual(15);
  expect(lines[0]).toBe('Console      http://127.0.0.1:1/enter/x');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(shown).toMatch(/^npm run try +trades/m);
  expect(greeting(exampleEndpoints, '/elsewhere', 'x')).toMatch(/^npm run try -- --data \/elsewhere +trades/m);
  expect(greeting(exampleEndpoints, '/a b', 'x')).toMatch(/^npm run try -- --data '\/a b' +trades/m);
});

it('shows the demo’s credentials and no server’s, for what a terminal shows is kept in its history', () => {
  expect(shown).toContain('of-ada');
  expect(shown).not.toMatch(/of-postgres|of-nats/);
});

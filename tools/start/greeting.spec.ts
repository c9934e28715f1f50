import { exampleEndpoints } from './endpoints.fixture.ts';
import { greeting } from './greeting.ts';

it('shows the demo’s credentials and no server’s, for what a terminal shows is kept in its history', () => {
  const shown = greeting(exampleEndpoints, {}, '.data');
  expect(shown).toContain('of-ada');
  expect(shown).toContain('127.0.0.1:2/core');
  expect(shown).toContain('127.0.0.1:3');
  expect(shown).not.toMatch(/of-postgres|of-nats/);
});

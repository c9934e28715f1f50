import { originMatcher } from './origins.ts';

describe('originMatcher', () => {
  const mayCall = originMatcher(['https://*.example.com', 'http://localhost:6285']);

  it.each(['https://www.example.com', 'https://a.b.example.com', 'http://localhost:6285'])('allows %s', (origin) => {
    expect(mayCall(origin)).toBe(true);
  });

  it.each([
    'https://example.com',
    'http://www.example.com',
    'https://www.example.com:444',
    'https://www.example.com.org',
    'https://wwwXexampleYcom',
    'https://evil-example.com',
    'https://evil/.example.com',
    'http://localhost:62850',
    '',
  ])('does not allow %p', (origin) => {
    expect(mayCall(origin)).toBe(false);
  });
});

import { z } from 'zod';
import { jsonAs, UnreadableJson } from './json-as.ts';

const Secrets = z.strictObject({ passwords: z.record(z.string(), z.string()) });
const read = (text: string) => jsonAs('secrets.json', text, Secrets);
const wrong = (text: string): string => {
  try {
    return `read as ${JSON.stringify(read(text))}`;
  } catch (error) {
    return error instanceof UnreadableJson ? error.message : `threw ${String(error)}`;
  }
};

describe('JSON of a file', () => {
  it('is what its schema says', () => {
    expect(read('{"passwords":{"ada":"x"}}')).toEqual({ passwords: { ada: 'x' } });
  });

  it.each([
    ['', 'it is no JSON'],
    ['{"passwords":{"ada":"hunter2', 'it is no JSON'],
    ['null', 'the whole: Invalid input: expected object, received null'],
    ['{"passwords":{"ada":["hunter2"]}}', 'passwords.ada: Invalid input: expected string, received array'],
    ['['.repeat(10_000) + ']'.repeat(10_000), 'it is no JSON'],
  ])('that says %.30s is told by its name and place, without what stands there', (text, why) => {
    expect(wrong(text)).toBe(`secrets.json cannot be read: ${why}`);
  });

  it('is told in one line that a terminal bears, whatever its keys are', () => {
    const message = wrong(JSON.stringify({ passwords: {}, [`\u001b[2J\n\ud800${'x'.repeat(1_000)}`]: 1 }));
    expect(message).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]{1,300}$/u);
  });
});

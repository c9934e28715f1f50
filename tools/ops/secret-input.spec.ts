import { PassThrough } from 'node:stream';
import { BadInput } from './bad-input.ts';
import { newSecretInput, secretInput } from './secret-input.ts';

let shown: string[];
beforeEach(() => {
  shown = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

/** A keyboard that somebody types on, and whether it echoes. */
function keyboard() {
  const raw: boolean[] = [];
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  return { keys, raw };
}

const pipe = (text: string) => new PassThrough().end(text);

describe('a secret from the keyboard', () => {
  it('is never shown, and the keyboard is as before afterwards', async () => {
    const { keys, raw } = keyboard();
    const secret = secretInput('Password: ', keys);
    keys.write('s3cx');
    keys.write('\u007fret\r');
    expect(await secret).toBe('s3cret');
    expect(shown.join('')).toBe('Password: \n');
    expect(raw).toEqual([true, false]);
  });

  it('is asked for twice where it is new', async () => {
    for (const [again, outcome] of [
      ['same', 'same'],
      ['other', null],
    ] as const) {
      const { keys } = keyboard();
      const secret = newSecretInput('Password: ', keys).catch(() => null);
      keys.write('same\n');
      await new Promise(setImmediate);
      keys.write(`${again}\n`);
      expect(await secret).toBe(outcome);
    }
  });

  it('may be refused', async () => {
    const { keys, raw } = keyboard();
    const secret = secretInput('Password: ', keys);
    keys.write('abc\u0003');
    await expect(secret).rejects.toThrow(BadInput);
    expect(raw).toEqual([true, false]);
  });
});

describe('a secret that is piped in', () => {
  it('is the first line', async () => {
    expect(await secretInput('Password: ', pipe('s3cret\r\nrest'))).toBe('s3cret');
    expect(await newSecretInput('Password: ', pipe(' spaces count '))).toBe(' spaces count ');
    expect(shown).toEqual([]);
  });

  it('is neither empty nor endless', async () => {
    await expect(secretInput('Password: ', pipe('\n'))).rejects.toThrow('the password is empty');
    await expect(secretInput('Password: ', pipe('x'.repeat(2_000)))).rejects.toThrow('longer than 1024');
  });
});

import type { Readable } from 'node:stream';
import { BadInput } from './bad-input.ts';

const SECRET_MAX = 1_024;
const ENTER = /[\r\n]/;
const CTRL_C = '\u0003';
const BACKSPACE = /[\b\u007f]/;

/** Standard input: a keyboard, or what is piped in. */
export type SecretSource = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/**
 * A secret from the keyboard without showing it, or the first line of what is piped in.
 * Never from an argument: arguments stand in the shell's history and in every process list.
 */
export async function secretInput(prompt: string, input: SecretSource = process.stdin): Promise<string> {
  const secret = input.isTTY ? await typed(prompt, input) : await piped(input);
  if (secret === '') throw new BadInput('the password is empty: type it, or pipe it in');
  return secret;
}

/** Asks again at a keyboard, because nobody saw what was typed. */
export async function newSecretInput(prompt: string, input: SecretSource = process.stdin): Promise<string> {
  const secret = await secretInput(prompt, input);
  if (input.isTTY && (await typed('Once more: ', input)) !== secret) throw new BadInput('that was not the same twice');
  return secret;
}

async function piped(input: SecretSource): Promise<string> {
  let text = '';
  for await (const chunk of input.setEncoding('utf8')) {
    text += chunk;
    if (text.length > SECRET_MAX) throw new BadInput(`the password is longer than ${SECRET_MAX} characters`);
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

function typed(prompt: string, input: SecretSource): Promise<string> {
  process.stderr.write(prompt);
  input.setRawMode?.(true);
  input.setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (settle: () => void): void => {
      input.off('data', read).pause();
      input.setRawMode?.(false);
      process.stderr.write('\n');
      settle();
    };
    const read = (chunk: string): void => {
      for (const key of chunk) {
        if (key === CTRL_C) return end(() => reject(new BadInput('not given')));
        if (ENTER.test(key)) return end(() => resolve(text));
        text = BACKSPACE.test(key) ? text.slice(0, -1) : (text + key).slice(0, SECRET_MAX);
      }
    };
    input.on('data', read);
  });
}

import { AskedWrongly } from './asked-wrongly.ts';

const ADDRESS_MAX = 2_000;
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/** An address where secrets go: what is not encrypted must not leave this machine. Throws `AskedWrongly`. */
export function encryptedAddress(text: string): string {
  const url = URL.canParse(text) && text.length <= ADDRESS_MAX ? new URL(text) : null;
  if (!url || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new AskedWrongly(`${text} is no address: https://host/path, without a fragment`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && THIS_MACHINE.includes(url.hostname)))
    throw new AskedWrongly(`${text} is not encrypted: https, or http on this machine`);
  return text;
}

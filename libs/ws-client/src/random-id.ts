/** 128 bits in hexadecimal. `crypto.randomUUID` is kept from pages that were not loaded over TLS. */
export const randomId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

import { readFileSync } from 'node:fs';
import type { CertificateSettings } from '../config.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/**
 * The certificate of TLS and WSS: from files where they are named, else one for this machine alone, made now. The latter
 * needs the development package `selfsigned`; an installation without it must name files. An expired one is for tests
 * of clients that must not take it.
 */
export async function certificateFor(settings: CertificateSettings): Promise<Certificate> {
  const { tlsCertFile, tlsKeyFile, certificate } = settings;
  if (tlsCertFile !== undefined && tlsKeyFile !== undefined) {
    return { cert: readFileSync(tlsCertFile, 'utf8'), key: readFileSync(tlsKeyFile, 'utf8') };
  }
  const { generate } = await import('selfsigned');
  const ends = Date.now() + (certificate === 'expired' ? -DAY_MS : 365 * DAY_MS);
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(ends - 366 * DAY_MS),
    notAfterDate: new Date(ends),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

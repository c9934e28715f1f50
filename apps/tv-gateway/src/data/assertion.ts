import { X509Certificate } from 'node:crypto';
import { errors, jwtVerify, type JWTHeaderParameters } from 'jose';

const CLOCK_TOLERANCE_SECONDS = 60;

/** Who an assertion must be from, and whom it must be for. */
export interface AssertionTerms {
  readonly clientId: string;
  readonly audience: string;
  /** PEM; each must hold at the moment. */
  readonly certificates: readonly string[];
}

/**
 * Whether a JWT is signed (RS256) by the key of the certificate that its `x5t` names, from the client, for the audience,
 * and has not ended (manual, data authentication). `x5t` is the SHA-1 thumbprint: base64url by RFC 7515, hex in the
 * manual's example.
 */
export async function isAssertionOf(assertion: string, terms: AssertionTerms, now: Date): Promise<boolean> {
  const keyOf = (header: JWTHeaderParameters | undefined) => {
    const thumbprint = thumbprintIn(header?.x5t);
    const certificate = terms.certificates
      .map((pem) => new X509Certificate(pem))
      .find(({ fingerprint }) => fingerprint.replaceAll(':', '') === thumbprint);
    if (!certificate || !holdsAt(certificate, now)) throw new errors.JWKSNoMatchingKey();
    return certificate.publicKey;
  };
  try {
    await jwtVerify(assertion, keyOf, {
      algorithms: ['RS256'],
      issuer: terms.clientId,
      audience: terms.audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

/** Capital hex. */
function thumbprintIn(x5t: unknown): string | null {
  if (typeof x5t !== 'string') return null;
  const hex = x5t.replaceAll(':', '').toUpperCase();
  return /^[0-9A-F]{40}$/.test(hex) ? hex : Buffer.from(x5t, 'base64url').toString('hex').toUpperCase();
}

const holdsAt = ({ validFrom, validTo }: X509Certificate, now: Date): boolean =>
  new Date(validFrom) <= now && now <= new Date(validTo);

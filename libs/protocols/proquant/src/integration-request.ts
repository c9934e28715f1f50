import { TOKEN_HEADER } from './hook.ts';

/** What a user is shown of us before they approve, guide section "Creating an Integration". */
export interface IntegrationTerms {
  /** The title: who the user is here. */
  readonly name: string;
  /** The line below it: what we are called. */
  readonly description: string;
  readonly imageUrl: string;
  /** The address that the user is known by at ProQuant. */
  readonly userEmail: string;
}

/** Where their events are to come, and the secret that they are to come with. */
export interface IntegrationHook {
  readonly url: string;
  readonly token: string;
}

/** The body of an Integration request. */
export const encodeIntegrationRequest = (terms: IntegrationTerms, { url, token }: IntegrationHook): string =>
  JSON.stringify({
    ...{ name: terms.name, description: terms.description, imageUrl: terms.imageUrl, userEmail: terms.userEmail },
    webhook: { url, headers: { [TOKEN_HEADER]: token } },
  });

/**
 * `passing`: it was not taken and may be sent again. `refused`: it never will be taken. `unknown`: it may have been
 * taken, and sent again its user might be asked twice.
 */
export type RequestMeaning = 'taken' | 'refused' | 'passing' | 'unknown';

/** What the status of an answer means. The guide tells of none; these are HTTP's own meanings. */
export function meaningOfStatus(status: number): RequestMeaning {
  if (status >= 200 && status < 300) return 'taken';
  if (status === 429 || status === 503) return 'passing';
  return status >= 500 || status === 408 ? 'unknown' : 'refused';
}

/** Failures to connect, by which nothing was sent yet. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|.*CERT.*|UNABLE_TO_.*)$/;

/** What a failure means by its code in Node: where nothing can have arrived, nothing was taken. */
export const meaningOfFailure = (code: string): RequestMeaning => (NOT_SENT.test(code) ? 'passing' : 'unknown');

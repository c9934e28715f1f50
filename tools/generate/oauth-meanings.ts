import type { Meaning } from '@core/ws-session/error-meaning';

/** What a client of OAuth 2.0 did, and does about it, by the code it hears (RFC 6749, sections 4.1.2.1 and 5.2). */
export const oauthMeanings: Readonly<Record<string, Meaning>> = {
  invalid_request: {
    cause: 'A parameter is missing, twice there, or not what it must be; or there is no such address.',
    remedy: 'Mend the client.',
  },
  invalid_client: {
    cause: 'The client is not registered, or its secret is another.',
    remedy: 'Ask the operator: `npm run ops -- oauth clients add` registers clients.',
  },
  invalid_grant: {
    cause: 'The code or refresh token is unknown, was used, has ended, or was given to another client or address.',
    remedy: 'Log in again.',
  },
  unauthorized_client: { cause: 'The client may not ask in this way.', remedy: 'Ask the operator.' },
  unsupported_grant_type: {
    cause: 'Tokens are given for `authorization_code` and `refresh_token`, and for nothing else.',
    remedy: 'Mend the client.',
  },
  unsupported_response_type: { cause: 'A login leads to a `code`, and to nothing else.', remedy: 'Mend the client.' },
  invalid_scope: { cause: 'The scope is not one that there is.', remedy: 'Ask for the scope that the operator gave.' },
  access_denied: { cause: 'Whoever was asked to log in did not.', remedy: 'Log in again.' },
  server_error: { cause: 'We failed. It is no refusal.', remedy: 'Ask again; tell us when it stays.' },
};

/** Scripts, styles and answers are this server's alone, and nothing is drawn inside another site's page. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    `default-src 'none'`,
    ...['script', 'style', 'connect', 'font'].map((kind) => `${kind}-src 'self'`),
    `img-src 'self' data:`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

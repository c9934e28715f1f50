import { whyUnreachable } from './reachability.ts';

const failed = (code: string, message = 'what Node says') =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(message), { code }) });

it.each([
  ['ENOTFOUND', 'spelled'],
  ['ECONNREFUSED', 'port'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NODE_EXTRA_CA_CERTS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'http://'],
  ['HPE_INVALID_CONSTANT', 'https://'],
  ['E_OF_ANOTHER_KIND', 'what Node says'],
])('a connection that fails by %s is told in words, with what to look at', (code, next) => {
  expect(whyUnreachable(failed(code))).toContain(next);
});

it('a server that does not answer in time is told apart from one that is not there', () => {
  expect(whyUnreachable(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))).toContain(
    '10 s',
  );
});

import { XapiEndpoint } from './endpoint.ts';

const socket = { transport: 'tls', main: 'x.example:5124', stream: 'x.example:5125', insecureTls: false };
const web = {
  transport: 'wss',
  main: 'wss://x.example/demo',
  stream: 'wss://x.example/demoStream',
  insecureTls: false,
};

describe('an endpoint', () => {
  it.each([socket, web])('is a transport and two addresses that fit it: %j', (endpoint) => {
    expect(XapiEndpoint.parse(endpoint)).toEqual(endpoint);
  });

  it.each([
    [{ ...socket, main: 'x.example' }, 'x.example is no host:port'],
    [{ ...socket, stream: 'ada:secret@x.example:1' }, 'ada:secret@x.example:1 is no host:port'],
    [{ ...socket, main: 'x.example:1/path' }, 'x.example:1/path is no host:port'],
    [{ ...web, main: 'ws://x.example/demo' }, 'ws://x.example/demo is no wss:// URL'],
    [{ ...web, transport: 'ws' }, 'wss://x.example/demo is no ws:// URL'],
  ])('is not %j', (endpoint, message) => {
    const read = XapiEndpoint.safeParse(endpoint);
    expect(read.error?.issues[0]?.message).toBe(message);
  });

  it.each([null, {}, { ...socket, transport: 'udp' }, { ...socket, more: 1 }, { ...socket, insecureTls: undefined }])(
    'is not %j either',
    (endpoint) => expect(XapiEndpoint.safeParse(endpoint).success).toBe(false),
  );
});

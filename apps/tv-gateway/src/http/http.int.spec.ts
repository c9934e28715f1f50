import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { GatewayHarness } from '../gateway-harness.fixture.ts';

it.each([
  [
    'body',
    'POST /authorize HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nl',
  ],
  ['head', 'POST /authorize HTTP/1.1\r\nHost: x\r\n'],
])(
  'a request whose %s does not arrive in time ends',
  async (_, begun) => {
    const gateway = await GatewayHarness.start({ REQUEST_TIMEOUT_MS: '1000' });
    try {
      await gateway.app.listen(0, '127.0.0.1');
      const { port } = gateway.app.getHttpServer().address() as AddressInfo;
      const socket = connect(port, '127.0.0.1');
      socket.resume().write(begun);
      await once(socket, 'close');
    } finally {
      await gateway.stop();
    }
  },
  20_000,
);

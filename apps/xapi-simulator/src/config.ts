import { ServiceSettings } from '@core/service/service-settings';
import { choice, port, text } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** Where the broker listens for xAPI clients. */
export class SocketSettings extends settings('SIMULATOR', {
  tcpPort: port('xAPI main connections over TCP; unset is off').optional(),
  tcpStreamPort: port('xAPI streaming connections over TCP').optional(),
  tlsPort: port('xAPI main connections over TLS; unset is off').optional(),
  tlsStreamPort: port('xAPI streaming connections over TLS').optional(),
  wsPort: port('xAPI over WebSocket, main and streaming by path; unset is off').optional(),
  wssPort: port('xAPI over secure WebSocket; unset is off').optional(),
  controlPort: port('The control API').default(0),
}) {}

/** What the broker begins with. */
export class BrokerSettings extends settings('SIMULATOR', {
  seed: text('What chance begins with: the same seed walks the same prices').default('trading-core'),
  accounts: text('Accounts as a JSON list of { userId, password, currency?, balance?, leverage? }', {
    secret: true,
  }).optional(),
  knobs: text('Knobs turned from the start, as a JSON object; GET /control/knobs shows them all').optional(),
  stateFile: text(
    'Where the broker remembers its accounts over restarts, and beside it its charts; unset forgets',
  ).optional(),
}) {}

export class CertificateSettings extends settings('SIMULATOR', {
  tlsCertFile: text('Certificate of TLS and WSS, PEM; unset makes one for this machine').optional(),
  tlsKeyFile: text('Its key, PEM').optional(),
  certificate: choice('Whether a certificate made here is valid', ['valid', 'expired']).default('valid'),
}) {}

export const simulatorConfig = {
  service: ServiceSettings,
  sockets: SocketSettings,
  broker: BrokerSettings,
  certificate: CertificateSettings,
};

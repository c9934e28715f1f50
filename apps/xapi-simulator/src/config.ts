import { ServiceConfig } from '@core/service/service-config';
import { Choice, Port, Text } from '@core/service/settings';

const OFF = { optional: true } as const;

export class SimulatorConfig extends ServiceConfig {
  @Port('xAPI main connections over TCP; unset is off', OFF)
  readonly simulatorTcpPort?: number;

  @Port('xAPI streaming connections over TCP', OFF)
  readonly simulatorTcpStreamPort?: number;

  @Port('xAPI main connections over TLS; unset is off', OFF)
  readonly simulatorTlsPort?: number;

  @Port('xAPI streaming connections over TLS', OFF)
  readonly simulatorTlsStreamPort?: number;

  @Port('xAPI over WebSocket, main and streaming by path; unset is off', OFF)
  readonly simulatorWsPort?: number;

  @Port('xAPI over secure WebSocket; unset is off', OFF)
  readonly simulatorWssPort?: number;

  @Port('The control API')
  readonly simulatorControlPort: number = 0;

  @Text('What chance begins with: the same seed walks the same prices')
  readonly simulatorSeed: string = 'trading-core';

  @Text('Accounts as a JSON list of { userId, password, currency?, balance?, leverage? }', {
    optional: true,
    secret: true,
  })
  readonly simulatorAccounts?: string;

  @Text('Knobs turned from the start, as a JSON object; GET /control/knobs shows them all', OFF)
  readonly simulatorKnobs?: string;

  @Text('Where the broker remembers its accounts over restarts; unset forgets', OFF)
  readonly simulatorStateFile?: string;

  @Text('Certificate of TLS and WSS, PEM; unset makes one for this machine', OFF)
  readonly simulatorTlsCertFile?: string;

  @Text('Its key, PEM', OFF)
  readonly simulatorTlsKeyFile?: string;

  @Choice('Whether a certificate made here is valid', ['valid', 'expired'])
  readonly simulatorCertificate: string = 'valid';
}

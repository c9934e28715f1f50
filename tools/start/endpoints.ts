import { fileText } from '@core/machine/files';
import { jsonAs } from '@core/kernel/json-as';
import { join } from 'node:path';
import { z } from 'zod';

/** A pair of addresses as `host:port` or URLs. */
const SocketPair = z.object({ main: z.string(), stream: z.string() });
export type SocketPair = z.output<typeof SocketPair>;

/** `<health>/live`, `<health>/ready`, and `<metrics>`. */
const HealthAddress = z.object({ health: z.string(), metrics: z.string() });

/** `endpoints.json` in the data folder of a running system: where everything listens, and the demo's credentials. */
const Endpoints = z.object({
  /** What people look at; `ops console` prints a link that lets its reader in. */
  console: z.object({ url: z.string() }),
  tvGateway: z.object({ url: z.string(), login: z.string(), password: z.string() }),
  /** Logins on the gateway's own page, by a client of the demo's. */
  oauth: z.object({
    authorizationUrl: z.string(),
    tokenUrl: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
    redirectUri: z.string(),
  }),
  /** What TradingView's servers read, and the `Authorization` header that they send. */
  tvData: z.object({ url: z.string(), authorization: z.string() }),
  wsSession: z.object({ url: z.string(), secretKey: z.string() }),
  /** `url` is the webhook of the demo integration; its token goes into the header of that name. */
  proquant: z.object({ url: z.string(), header: z.string(), token: z.string() }),
  /** A transport that is not on is left out. */
  simulator: z.object({
    tcp: SocketPair.optional(),
    tls: SocketPair.optional(),
    ws: SocketPair.optional(),
    wss: SocketPair.optional(),
    control: z.string(),
    accounts: z.array(z.object({ userId: z.string(), password: z.string() })),
  }),
  postgres: z.string(),
  /** Which cell it is, where there are several: its name, and the registry that they have together. */
  cell: z.object({ name: z.string(), registry: z.string() }).optional(),
  /** The names of all, in the folder that holds a folder for each. */
  cells: z.array(z.string()).optional(),
  nats: z.string(),
  /** By the name of the app: where it is asked, and each of its processes where there are several. */
  services: z.record(z.string(), HealthAddress.extend({ processes: z.array(HealthAddress).optional() })),
});
export type Endpoints = z.output<typeof Endpoints>;

/** The folder of a cell of a system that has several; the folder itself where none is named. */
export const cellFolder = (folder: string, cell: string | undefined): string =>
  cell === undefined ? folder : join(folder, cell);

/** Of the system in a data folder; null where none was ever ready there. Throws `UnreadableJson`. */
export function endpointsIn(folder: string): Endpoints | null {
  const file = join(folder, 'endpoints.json');
  const text = fileText(file);
  return text === '' ? null : jsonAs(file, text, Endpoints);
}

/** The same, of the first cell where there are several and none is named. */
export const firstCellFolder = (folder: string, cell: string | undefined): string =>
  cellFolder(folder, cell ?? endpointsIn(folder)?.cells?.[0]);

import type { Config, Groups } from '@core/service/settings';
import type { Type } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { edgeConfig } from './edge-settings.ts';

export type EdgeGroups = Groups & typeof edgeConfig;

/** How an edge is reached. */
export interface EdgeHttp {
  readonly port: number;
  readonly adapter: FastifyAdapter;
  /** Before it listens. Bodies are not parsed unless this sees to it. */
  configure(app: NestFastifyApplication): void | Promise<void>;
}

/** One edge, as it runs in a process of its own and in its specs. */
export interface Edge<Of extends EdgeGroups> {
  /** The app's folder name. */
  readonly name: string;
  readonly config: Of;
  /** Imports `EdgeModule.of(…)`. */
  readonly module: Type;
  http(config: Config<Of>): EdgeHttp;
}

import type { CellSettings } from '@core/service/service-settings';

/** Where the registry is, and for which cell it is asked. */
export interface RegistryPlace {
  readonly url: string;
  /** Empty of the cell that has no name. */
  readonly cell: string;
  /** Whether it is in the database of the log, so that one statement can ask both. */
  readonly isBeside: boolean;
}

/** As a service is told. */
export const registryPlace = (databaseUrl: string, { cell, registryDatabaseUrl }: CellSettings): RegistryPlace => ({
  url: registryDatabaseUrl ?? databaseUrl,
  cell,
  isBeside: registryDatabaseUrl === undefined,
});

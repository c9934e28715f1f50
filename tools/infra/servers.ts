import type { PortBook } from '@core/machine/ports';
import type { LoginName } from '@core/service/logins';

/** The database and the message broker of a data folder, whatever they are made of. The caller holds the folder's lock. */
export interface SystemServers {
  /** Which ports they have; further services claim theirs here. */
  readonly ports: PortBook;
  /** As their owner finds them. */
  readonly databaseUrl: string;
  readonly natsUrl: string;
  /** As a service finds them, once `prepare` was called. */
  readonly databaseUrlOf: (login: LoginName) => string;
  readonly natsUrlOf: (login: LoginName) => string;
  /** Starts what does not run; resolves when all of it answers. */
  up(): Promise<void>;
  /** Makes the database fit for the services. */
  prepare(): Promise<void>;
  /** From now on what ends is started again, and what hangs replaced. */
  keepUp(say: (line: string) => void): void;
  down(): Promise<void>;
}

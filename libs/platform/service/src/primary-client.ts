import { EventEmitter } from 'node:events';
import { Client, type ClientConfig } from 'pg';

/** What a standby says of itself to whoever connects, since Postgres 14. */
const IN_STANDBY = 'in_hot_standby';

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

/** The address led to a standby: it would show what is old, and take nothing. */
class StandbyReached extends Error {
  readonly code = 'standby-reached';
}

/**
 * A connection to a Postgres that takes writes. Where the address moves from a primary that died to the one that took
 * over, it may lead for a moment to a server that does not, or not yet: that one is left before it is asked anything.
 */
export class PrimaryClient extends Client {
  private isStandby = false;

  constructor(config?: string | ClientConfig) {
    super(config);
    // What is lost while nobody looks is heard by whoever asks next; unheard it would end the process.
    this.on('error', () => undefined);
    // Under a client of `pg` is its connection, of which its types do not tell.
    const connection: unknown = Reflect.get(this, 'connection');
    if (!(connection instanceof EventEmitter)) throw new Error('a client of pg has no connection');
    connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) => {
      if (parameterName === IN_STANDBY) this.isStandby = parameterValue === 'on';
    });
  }

  override connect(): Promise<Client>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<Client> | void {
    if (callback === undefined) return super.connect().then(() => (this.isStandby ? this.leave() : this));
    super.connect((error: Error | null) => {
      if (error !== null) return callback(error);
      // In the same turn: what Postgres says next is for a pool that listens by then.
      if (!this.isStandby) return callback(null, this);
      this.leave().catch(callback);
    });
  }

  private async leave(): Promise<never> {
    await this.end();
    throw new StandbyReached('this Postgres is a standby');
  }
}

type Connected = (error: Error | null, client?: Client) => void;

import { SocketProxy } from './socket-proxy.ts';

const USUAL_PORT = 5432;

/** A way to Postgres that can also end after a commit and before the ledger hears of it. */
export class PostgresProxy extends SocketProxy {
  /** The same database, by way of here. */
  url = '';

  static async before(target: string): Promise<PostgresProxy> {
    const proxy = await new PostgresProxy().listen();
    proxy.url = proxy.lead(target, USUAL_PORT);
    return proxy;
  }

  dropNextConfirmation(): void {
    this.dropNextAnswerTo('core-append');
  }
}

import { AskedWrongly } from '@core/operations/asked-wrongly';
import type { Registry } from '@core/registry/registry';

/** The registry by the login `operator`, where the console was given it; opened when it is first needed. */
export class OperatorRegistry {
  private opened: Promise<Registry> | null = null;

  /** Null where it was not given. */
  constructor(private readonly open: (() => Promise<Registry>) | null) {}

  get isThere(): boolean {
    return this.open !== null;
  }

  /** Throws `AskedWrongly` where it was not given. */
  async registry(): Promise<Registry> {
    if (this.open === null)
      throw new AskedWrongly('this console may not change who may do what: it has no OPERATOR_DATABASE_URL');
    this.opened ??= this.open();
    try {
      return await this.opened;
    } catch (error) {
      this.opened = null;
      throw error;
    }
  }

  async close(): Promise<void> {
    await (await this.opened)?.close();
  }
}

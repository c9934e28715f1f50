import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { tellActs } from '@core/operations/tell-acts';
import type { ActOn } from '@core/registry/operator-act';
import { Registry } from '@core/registry/registry';
import { Injectable, Logger } from '@nestjs/common';
import { Bus } from './bus.ts';

/** Changes what is registered in the name of whoever is logged in, as `ops` does in the name of its operator. */
@Injectable()
export class RegistryChanges {
  private readonly log = new Logger(RegistryChanges.name);

  constructor(
    private readonly registry: Registry,
    private readonly bus: Bus,
  ) {}

  /** Resolves to where the log says who did it; to null where it learns that with the next change. */
  async change<Made>(act: ActOn<Made>, work: (registry: Registry) => Promise<Made>): Promise<number | null> {
    await this.registry.change(act, work);
    try {
      // Running services look by themselves from time to time: without NATS they learn it then.
      this.bus.tell(subjects.registryChanged, {});
      return await tellActs(this.registry.acts, (wish, id) => this.bus.ask(SYSTEM_ACCOUNT, wish, id));
    } catch (error) {
      this.log.warn({ err: error, msg: 'done; the log is told who did it with the next change' });
      return null;
    }
  }
}

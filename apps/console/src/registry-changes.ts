import { SYSTEM_ACCOUNT } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { tellActs } from '@core/operations/tell-acts';
import type { ActOn } from '@core/registry/operator-act';
import { Registry } from '@core/registry/registry';
import { Injectable, Logger } from '@nestjs/common';
import { Bus } from './bus.ts';

interface Changed<Made> {
  readonly made: Made;
  /** Where the log says who did it; null where it learns that with the next change. */
  readonly position: number | null;
}

/** Changes what is registered in the name of whoever is logged in, as `ops` does in the name of its operator. */
@Injectable()
export class RegistryChanges {
  private readonly log = new Logger(RegistryChanges.name);

  constructor(
    private readonly registry: Registry,
    private readonly bus: Bus,
  ) {}

  /** By the console’s own login: what it may change of the registry. */
  release<Made>(act: ActOn<Made>, work: (registry: Registry) => Promise<Made>): Promise<Changed<Made>> {
    return this.change(this.registry, act, work);
  }

  async change<Made>(
    registry: Registry,
    act: ActOn<Made>,
    work: (registry: Registry) => Promise<Made>,
  ): Promise<Changed<Made>> {
    const made = await registry.change(act, work);
    return { made, position: await this.told(registry) };
  }

  private async told({ acts }: Registry): Promise<number | null> {
    try {
      // Running services look by themselves from time to time: without NATS they learn it then.
      this.bus.tell(subjects.registryChanged, {});
      return await tellActs(acts, async (wish, id) => (await this.bus.ask(SYSTEM_ACCOUNT, wish, id)).position);
    } catch (error) {
      this.log.warn({ err: error, msg: 'done; the log is told who did it with the next change' });
      return null;
    }
  }
}

import { EventLog } from '@core/event-log/event-log';
import { askProquant, ASKING_LIMITS } from '@core/operations/ask-proquant';
import type { Operator } from '@core/operations/console-link';
import { expectTyped } from '@core/operations/expect-typed';
import { wordToType } from '@core/operations/gravity';
import { expectSecret, type ActDone, type OperatorHands } from '@core/operations/registry-acts/registry-act';
import { plannedByName, type RegistryActName } from '@core/operations/registry-acts/registry-acts';
import { extentInWords, extentOf } from '@core/operations/whom';
import { Injectable } from '@nestjs/common';
import { Bus } from './bus.ts';
import { ProquantSettings } from './config.ts';
import { OperatorRegistry } from './operator-registry.ts';
import { RegistryChanges } from './registry-changes.ts';

/** What an act would mean, before anybody agreed to it. */
export interface PlanAnswer {
  /** `1 account, 0 of them live`. */
  readonly whom: string;
  /** What has to be typed before it is done; null where nothing has. */
  readonly typed: string | null;
  /** Which secret it takes, as in `Password for ada`; null where it takes none. */
  readonly secret: string | null;
}

interface Agreed {
  readonly secret: string;
  readonly note: string;
  readonly typed: string | null;
}

/** Does to who may do what everything that `ops` does, in the name of whoever is logged in. */
@Injectable()
export class RegistryDesk {
  constructor(
    private readonly registry: OperatorRegistry,
    private readonly changes: RegistryChanges,
    private readonly bus: Bus,
    private readonly log: EventLog,
    private readonly proquant: ProquantSettings,
  ) {}

  async plan(act: RegistryActName, wish: object): Promise<PlanAnswer> {
    const { plan, extent } = await this.planned(act, wish);
    return { whom: extentInWords(extent), typed: wordToType(extent), secret: plan.secret?.prompt ?? null };
  }

  /** Where the log says who did it is the second; null where it learns that with the next change. */
  async carryOut(
    act: RegistryActName,
    wish: object,
    { secret, note, typed }: Agreed,
    { name: operator }: Operator,
  ): Promise<readonly [ActDone, number | null]> {
    const { plan, extent } = await this.planned(act, wish);
    expectTyped(extent, typed);
    const decision = { operator, note };
    let position: number | null = null;
    const hands: OperatorHands = {
      decision,
      change: async (told, work) => {
        const changed = await this.changes.change(await this.registry.registry(), { ...told, ...decision }, work);
        ({ position } = changed);
        return changed.made;
      },
      // Whoever cannot be told now looks by himself from time to time.
      tell: (subject, body) => {
        if (this.bus.whyAway === null) this.bus.tell(subject, body);
        return Promise.resolve();
      },
      ask: async (account, command) => {
        const answered = await this.bus.answer(account, command);
        if (answered.ok) ({ position } = answered);
        return answered;
      },
      askProquant: (request) => askProquant({ ...request, url: this.proquant.url }, ASKING_LIMITS),
    };
    const done = await plan.carryOut(hands, expectSecret(plan.secret, secret));
    return [done, position];
  }

  private async planned(act: RegistryActName, wish: object) {
    const registry = await this.registry.registry();
    const { description, imageUrl: image, hookUrl: publicUrl } = this.proquant;
    // Of a form that asks ProQuant: what its fields leave open is as this console was told.
    const said = act === 'integrations create' ? { description, image, publicUrl, ...wish } : wish;
    const plan = await plannedByName(act, said, registry, this.log);
    return { plan, extent: extentOf(plan.concerned, await registry.accounts()) };
  }
}

import type { CommandBody } from '@core/contracts/command';
import { SYSTEM_ACCOUNT, type AccountId, type TraderId } from '@core/contracts/primitives';
import { subjects } from '@core/contracts/subjects';
import { isAtRest } from '@core/domain/residence';
import { present } from '@core/kernel/present';
import { accepted } from '@core/operations/accepted-at';
import type { MoveStage, TraderMove } from '@core/registry/cell-entities';
import { setTimeout as pause } from 'node:timers/promises';
import type { Consent } from '../consent.ts';
import type { OperatedSystem } from '../system.ts';
import { firstDifference, pastAfter } from './account-past.ts';
import { carryRows } from './carried-rows.ts';
import { FollowedAccount } from './followed-account.ts';
import { carryLimits } from './carried-limits.ts';
import { nextMoveStep, type MovedAccount, type MoveStep } from './move-step.ts';

const LOOK_MS = 100;

/** It cannot go on, and stands where it stands: the same command goes on with it, or takes it back. */
export class MoveStopped extends Error {
  readonly code = 'move-stopped';
}

export interface MovingParts {
  readonly consent: Consent;
  /** The cell that the trader leaves, and the one that they go to. */
  readonly from: OperatedSystem;
  readonly to: OperatedSystem;
  readonly login: string;
  readonly traderId: TraderId;
  /** How long what was asked may take to come to its end. */
  readonly requestsMs: number;
  /** How long a connector may take to let go, and another to be there; of one that died nobody says that it let go. */
  readonly connectorMs: number;
  /** Told of each step before it is taken. */
  readonly onStep: (step: MoveStep) => void;
}

interface Followed {
  readonly account: AccountId;
  readonly here: FollowedAccount;
  readonly there: FollowedAccount;
}

/** Brings a move to its end, step by step, from wherever the registry and both logs say that it stands. */
export class Moving {
  private readonly system: { readonly here: FollowedAccount; readonly there: FollowedAccount };
  private followed: readonly Followed[] = [];
  private waitingSince: { readonly what: string; readonly ms: number } | null = null;

  constructor(private readonly parts: MovingParts) {
    const { from, to } = parts;
    this.system = {
      here: new FollowedAccount(from.log, SYSTEM_ACCOUNT),
      there: new FollowedAccount(to.log, SYSTEM_ACCOUNT),
    };
  }

  /** Resolves when the trader is at home in one of both cells. Rejects with `MoveStopped` where it has to be run again. */
  async run(): Promise<void> {
    const { from, to, traderId } = this.parts;
    const registry = await from.registry();
    this.followed = (await registry.cells.accountsOf(traderId)).map(({ id }) => ({
      account: id,
      here: new FollowedAccount(from.log, id),
      there: new FollowedAccount(to.log, id),
    }));
    for (;;) {
      const move = await registry.cells.moves.of(traderId);
      if (!move) return;
      const step = nextMoveStep({ ...move, accounts: await this.look() });
      this.parts.onStep(step);
      await this.take(step, move);
    }
  }

  /** Of those that the old log knows: an account that nobody registered there has nothing to move. */
  private async look(): Promise<MovedAccount[]> {
    const { here: _, there } = this.system;
    await Promise.all([
      there.refresh(),
      ...this.followed.flatMap((each) => [each.here.refresh(), each.there.refresh()]),
    ]);
    const { arrivals } = there.state;
    return this.followed
      .filter(({ here }) => here.version > 0)
      .map(({ account, here, there: copy }) => ({
        account,
        here: {
          version: here.version,
          residence: here.state.residence,
          isAtRest: isAtRest(here.state.requests, here.state.strategies),
          isConnected: here.isConnected && !this.isOverdue('connector', this.parts.connectorMs),
        },
        there: {
          version: copy.version,
          residence: copy.state.residence,
          expectedBy: arrivals[account] ?? null,
          isAwaited: here.wasConnected && !copy.isConnected && !this.isOverdue('session', this.parts.connectorMs),
        },
      }));
  }

  private async take(step: MoveStep, move: TraderMove): Promise<void> {
    const { consent, from, to } = this.parts;
    const { moveId } = move;
    const { decision } = consent;
    if (step.step === 'wait') return this.wait(step);
    this.waitingSince = null;
    switch (step.step) {
      case 'begin':
        return this.ask(from, step.account, {
          type: 'BeginMove',
          data: { ...decision, moveId, from: move.from, to: move.to },
        });
      case 'depart':
        return this.ask(from, step.account, { type: 'DepartAccount', data: { moveId } });
      case 'expect':
      case 'expect-no-more': {
        const [accountId, expected] = [step.account, step.step === 'expect'];
        const data = { ...decision, moveId, accountId, from: move.from, expected };
        return this.ask(to, SYSTEM_ACCOUNT, { type: 'ExpectArrival', data });
      }
      case 'copy':
        return this.copy(step.account, move);
      case 'arrive':
        await carryRows(from.pool, to.changeable(consent), step.account);
        return this.ask(to, step.account, { type: 'ArriveAccount', data: { moveId } });
      case 'take-back':
        return this.ask(from, step.account, { type: 'TakeBackMove', data: { ...decision, moveId } });
      case 'stop-connecting':
        return this.advance(move, 'copying');
      case 'connect':
        return this.advance(move, 'connecting');
      case 'compare-and-flip':
        return this.flip(move);
      case 'end':
        return this.end(move);
    }
  }

  private async ask(system: OperatedSystem, account: AccountId, wish: CommandBody): Promise<void> {
    accepted(await system.ask(this.parts.consent, account, wish));
  }

  /** One page: what stands in the other log is looked at before the next. */
  private async copy(account: AccountId, { moveId }: TraderMove): Promise<void> {
    const { from, to } = this.parts;
    const { there } = this.of(account);
    const page = await pastAfter(from, account, there.version);
    if (page)
      await this.ask(to, account, {
        type: 'ImportEvents',
        data: { moveId, events: [...page.events], answers: [...page.answers] },
      });
  }

  /** Nothing is flipped that is not the same in both: events word for word, and what is folded of them. */
  private async flip(move: TraderMove): Promise<void> {
    const { consent, from, to, login, traderId } = this.parts;
    for (const { account, here, there } of this.followed) {
      const differing = await firstDifference(from, to, account, here.version);
      if (differing !== null || here.version !== there.version || here.folded !== there.folded)
        throw new MoveStopped(
          `account ${account} is not the same in both logs, from version ${differing ?? there.version} on: take the move back`,
        );
    }
    await this.system.here.refresh();
    for (const wish of carryLimits(
      this.system.here.state.limits,
      this.system.there.state.limits,
      traderId,
      consent.decision,
    ))
      await this.ask(to, SYSTEM_ACCOUNT, wish);
    await from.change(consent, { what: 'trader', action: 'moved-out', target: login }, (registry) =>
      registry.cells.moves.flip(move),
    );
    await to.tell(subjects.registryChanged, {});
  }

  private async advance(move: TraderMove, stage: MoveStage): Promise<void> {
    const { consent, from, to, login } = this.parts;
    await from.change(consent, { what: 'trader', action: `move-${stage}`, target: login }, (registry) =>
      registry.cells.moves.advance(move, stage),
    );
    await to.tell(subjects.registryChanged, {});
  }

  private async end(move: TraderMove): Promise<void> {
    const { consent, from, to, login } = this.parts;
    const [home, other] = move.stage === 'returning' ? [from, to] : [to, from];
    const action = move.stage === 'returning' ? 'move-taken-back' : 'moved-in';
    await home.change(consent, { what: 'trader', action, target: login }, (registry) => registry.cells.moves.end(move));
    await other.tell(subjects.registryChanged, {});
    // What was delivered to the old cell just before it heard that the trader had gone.
    if (home === to)
      for (const { account } of this.followed) await carryRows(from.pool, to.changeable(consent), account);
  }

  private async wait(step: Extract<MoveStep, { step: 'wait' }>): Promise<void> {
    if (this.waitingSince?.what !== step.for) this.waitingSince = { what: step.for, ms: performance.now() };
    if (step.for === 'requests' && this.isOverdue('requests', this.parts.requestsMs))
      throw new MoveStopped(
        `account ${step.account} has requests without an outcome: say it again to wait on, or with --take-back`,
      );
    await pause(LOOK_MS);
  }

  private isOverdue(what: string, patienceMs: number): boolean {
    return this.waitingSince?.what === what && performance.now() - this.waitingSince.ms > patienceMs;
  }

  private of(account: AccountId): Followed {
    return present(
      this.followed.find((each) => each.account === account),
      'steps are of accounts that were looked at',
    );
  }
}

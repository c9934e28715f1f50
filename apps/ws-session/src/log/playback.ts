import type { AccountId } from '@core/contracts/primitives';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import type { JsonText } from '@core/ws-session/encoder';
import { snapshotMessage, syncCompletedMessage, type SnapshotFamily } from '@core/ws-session/extension-message';
import { snapshotItems } from '@core/ws-session/server-message';
import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Accounts, type KnownAccount } from './accounts.ts';
import { Broadcast, type EventTopic } from '../connection/broadcast.ts';
import { CatchUp } from '../connection/catch-up.ts';
import { ConnectionSettings, PlaybackSettings } from '../config.ts';
import { LogCursors } from './log-cursors.ts';
import { PastMessages } from './past-messages.ts';
import type { Session } from '../connection/session.ts';

/** How many accounts one group of a snapshot covers, and what naming them and the envelope take of a frame. */
const GROUP = 50;
const GROUP_BYTES = 4_096;

/** Sends sessions what they missed: as it stands now, or event by event. Live events wait meanwhile. */
@Injectable()
export class Playback {
  constructor(
    private readonly accounts: Accounts,
    private readonly runner: ProjectionRunner,
    private readonly cursors: LogCursors,
    private readonly past: PastMessages,
    private readonly settings: PlaybackSettings,
    private readonly limits: ConnectionSettings,
  ) {}

  /**
   * Everything that stands of the accounts a session wants on these topics. An account's events up to the moment its
   * part is made are in that part; later ones follow after the end of the snapshot.
   */
  async snapshot(session: Session, topics: readonly EventTopic[], wanted: (id: AccountId) => boolean): Promise<void> {
    const from = this.runner.position;
    const planned = this.accounts.meant(({ id, traderId }) => wanted(id) && session.maySee(id, traderId));
    const waiting = new Set(planned.map(({ id }) => id));
    session.catchUp = new CatchUp(this.limits.hardWatermarkBytes, ({ told }) => waiting.has(told.accountId));
    const sequences: Record<AccountId, number> = {};

    for (let next = 0; next < planned.length; next += GROUP) {
      if (!(await session.queue.below())) return;
      const group = planned.slice(next, next + GROUP);
      for (const topic of topics) this.sendPart(session, topic, group);
      for (const { id, book } of group) {
        sequences[id] = book.sequence;
        waiting.delete(id);
      }
    }
    this.finish(session, 'snapshot', from, sequences);
  }

  /** Every event after a position that the session may see, as it was sent when it happened. */
  async replay(session: Session, after: number): Promise<void> {
    const until = this.runner.position;
    session.catchUp = new CatchUp(this.limits.hardWatermarkBytes);
    const isOf = (account: AccountId): boolean => this.isOf(session, account);
    for await (const messages of this.past.between(after, until, isOf)) {
      for (const message of messages) {
        if (!session.wants(message)) continue;
        if (session.queue.isAbove(0) && !(await session.queue.below())) return;
        session.queue.gather();
        session.deliver(new Broadcast(message));
      }
      // Others have their turn too.
      await nextTurn();
      if (!(await session.queue.below())) return;
    }
    this.finish(session, 'replay', until, {});
  }

  /** Registrations never change, so today's says who may see an account's past. */
  private isOf(session: Session, id: AccountId): boolean {
    const account = this.accounts.find(id);
    return account !== null && session.maySee(id, account.traderId);
  }

  private sendPart(session: Session, topic: EventTopic, group: readonly KnownAccount[]): void {
    const ids = group.map(({ id }) => id);
    const standing = group.map((account) => this.accounts.standing(account));
    const [family, items] = itemsOf(topic, standing);
    const parts = partsOf(items, this.settings.outboundFrameMaxBytes - GROUP_BYTES);
    parts.forEach((part, index) => session.say(snapshotMessage(family, ids, [index + 1, parts.length], part)));
  }

  private finish(
    session: Session,
    mode: 'snapshot' | 'replay',
    position: number,
    sequences: Record<AccountId, number>,
  ): void {
    const cursor = this.cursors.upTo(position);
    session.hasUpTo(cursor);
    session.say(syncCompletedMessage(mode, cursor, sequences));
    const { catchUp } = session;
    session.catchUp = null;
    for (let held = catchUp?.next(); held; held = catchUp?.next()) {
      session.queue.gather();
      session.deliver(held);
    }
  }
}

function itemsOf(
  topic: EventTopic,
  standing: readonly ReturnType<Accounts['standing']>[],
): readonly [SnapshotFamily, JsonText[]] {
  switch (topic) {
    case 'accounts':
      return ['account_event', snapshotItems.account_event(standing.map(({ account }) => account))];
    case 'positions':
      return ['position', snapshotItems.position(standing.flatMap(({ positions }) => positions))];
    case 'orders':
      return ['pending_position', snapshotItems.pending_position(standing.flatMap(({ pendings }) => pendings))];
  }
}

/** At least one part, and none larger than a frame may be as far as items allow. */
function partsOf(items: readonly JsonText[], bytesMax: number): JsonText[][] {
  const parts: JsonText[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item);
    if (bytes + size > bytesMax && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(item);
    bytes += size;
  }
  return parts;
}

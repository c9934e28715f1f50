import type { RequestId } from '@core/contracts/primitives';
import { isEnd, type SessionRequest } from '@core/views/ws-session/session-requests';
import type { MessageJson } from '@core/ws-session/server-message';
import { Injectable } from '@nestjs/common';
import type { Session } from '../connection/session.ts';

/** Which live sessions wait for the outcome of which request. Its answer holds what happened before it. */
@Injectable()
export class TradeFollowers {
  private readonly following = new Map<RequestId, Map<Session, { isAnswered: boolean }>>();

  add(id: RequestId, session: Session): void {
    const followers = this.following.get(id) ?? new Map<Session, { isAnswered: boolean }>();
    this.following.set(id, followers);
    if (!followers.has(session)) followers.set(session, { isAnswered: false });
  }

  answered(id: RequestId, session: Session): void {
    const follower = this.following.get(id)?.get(session);
    if (follower) follower.isAnswered = true;
  }

  drop(id: RequestId, session: Session): void {
    const followers = this.following.get(id);
    followers?.delete(session);
    if (followers?.size === 0) this.following.delete(id);
  }

  /** The session is over. */
  leave(session: Session): void {
    for (const id of [...this.following.keys()]) this.drop(id, session);
  }

  /** To everyone who has had an answer; after its end nobody waits any more. */
  tell({ id, state }: Pick<SessionRequest, 'id' | 'state'>, message: MessageJson): void {
    const followers = this.following.get(id);
    if (!followers) return;
    for (const [session, { isAnswered }] of followers) if (isAnswered) session.say(message);
    if (isEnd(state)) this.following.delete(id);
  }
}

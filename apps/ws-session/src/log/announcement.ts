import type { RecordedEvent } from '@core/contracts/event';
import type { PricedMarket } from '@core/contracts/market/valuation';
import type { Decimal, Uuid } from '@core/contracts/primitives';
import { present } from '@core/kernel/present';
import type { Frozen } from '@core/projection-runner/projection-runner';
import type { AccountState } from '@core/projections/account';
import type { Account, PendingPosition, Position } from '@core/ws-session/root-models';
import {
  accountAdded,
  accountUpdate,
  pendingMessage,
  positionMessage,
  type MessageText,
} from '@core/ws-session/server-message';
import { accountModelOf, operationModelOf, type AccountFacts } from '@core/ws-session/account-model';
import { pendingModelOf } from '@core/ws-session/pending-model';
import { positionModelOf, type Owner } from '@core/ws-session/position-model';
import { isPending, type SessionChange, type SessionBook } from '@core/views/ws-session/session-book';

/** What a message needs to know besides the account's events. */
export interface Surroundings {
  readonly market: PricedMarket;
  readonly stopOutPercent: Decimal;
}

/** One message, and whose it is: the same in every session and in every replay. */
export interface Announcement {
  readonly messageId: Uuid;
  readonly of: SessionChange['of'];
  readonly message: MessageText;
}

/** The messages that come with `event`, in order, of the book as it stands right after it. */
export const announce = (
  book: Frozen<SessionBook>,
  event: RecordedEvent,
  around: Surroundings,
): readonly Announcement[] =>
  book.told.map((change) => ({
    messageId: messageIdOf(change, event),
    of: change.of,
    message: messageOf(book, event, change, around),
  }));

/** A position may be told closed later than it was. */
const messageIdOf = (change: Frozen<SessionChange>, { id }: RecordedEvent): Uuid =>
  change.of === 'position' && change.what === 'closed' ? (change.position.closed?.eventId ?? id) : id;

function messageOf(
  book: Frozen<SessionBook>,
  event: RecordedEvent,
  change: Frozen<SessionChange>,
  around: Surroundings,
): MessageText {
  const owner = ownerOf(event.subject, book.account);
  switch (change.of) {
    case 'account': {
      const facts = accountFacts(event.subject, book.account);
      const account = accountModelOf(facts, around.stopOutPercent);
      if (change.what === 'added') return accountAdded(account);
      const operation = event.type === 'BalanceChanged' ? event.data.operation : null;
      const moved = operation && operationModelOf(event.id, facts, operation, facts.updated);
      return accountUpdate(account, moved);
    }
    case 'position':
      return positionMessage(change.what, positionModelOf(change.position, owner, around.market));
    case 'pending': {
      const order = present(book.orders.orders[change.id], `${change.id} changed and is not there`);
      return pendingMessage(change.what, pendingModelOf(order, owner, around.market));
    }
  }
}

/** Everything of an account that exists now. */
export interface Standing {
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly pendings: readonly PendingPosition[];
}

export function standingOf(
  id: string,
  { account, positions, orders }: Frozen<SessionBook>,
  around: Surroundings,
): Standing {
  const owner = ownerOf(id, account);
  return {
    account: accountModelOf(accountFacts(id, account), around.stopOutPercent),
    positions: Object.values(positions.positions)
      .filter(({ status }) => status === 'open')
      .map((position) => positionModelOf(position, owner, around.market)),
    pendings: Object.values(orders.orders)
      .filter(isPending)
      .map((order) => pendingModelOf(order, owner, around.market)),
  };
}

function ownerOf(accountId: string, { registration, terms }: Frozen<AccountState>): Owner {
  return { accountId, traderId: registration?.traderId ?? '', currency: terms?.currency ?? '' };
}

function accountFacts(
  id: string,
  { registration, terms, money, trading, created, updated }: Frozen<AccountState>,
): AccountFacts {
  return {
    id,
    traderId: present(registration, `${id} is spoken of and was never registered`).traderId,
    terms,
    balance: money?.balance ?? null,
    halted: trading.halted !== null,
    created: present(created, `${id} was never created`),
    updated: present(updated, `${id} was never created`),
  };
}

import type { AccountId } from '@core/contracts/primitives';
import { now } from '@core/service/clock';
import type { Filter, Question } from '@core/ws-session/client-message';
import type { SessionErrorCode } from '@core/ws-session/error-code';
import { failure, itemsAnswer, serverTimeAnswer } from '@core/ws-session/extension-message';
import { snapshotItems, type MessageJson, type MessageText } from '@core/ws-session/server-message';
import { Injectable } from '@nestjs/common';
import { Accounts, type KnownAccount } from '../log/accounts.ts';
import { PriceBroadcast } from '../market/price-broadcast.ts';
import type { Session } from '../connection/session.ts';

/** Answers what clients ask, feature `responses`. What a key may not see does not exist for it. */
@Injectable()
export class Questions {
  constructor(
    private readonly accounts: Accounts,
    private readonly prices: PriceBroadcast,
  ) {}

  isVisible(session: Session, id: AccountId): boolean {
    const account = this.accounts.find(id);
    return account !== null && session.maySee(id, account.traderId);
  }

  answer(session: Session, question: Question, filter: Filter): MessageJson | MessageText {
    if (question === 'get_server_time') return serverTimeAnswer(now());
    if (question === 'get_last_prices' && !session.key.prices) return failure(question, 'unauthorized');
    const visible = this.visible(session, filter);
    if (visible.length === 0 && (filter.account_id ?? filter.trader_id)) return failure(question, 'account_not_found');
    const missing = this.missing(session, visible, filter, question);
    if (missing) return failure(question, missing);
    const standing = visible.map((account) => this.accounts.standing(account));
    const isAsked = (each: { readonly id: string; readonly asset_pair: string }): boolean =>
      each.id === (filter.position_id ?? each.id) && each.asset_pair === (filter.asset_pair ?? each.asset_pair);

    switch (question) {
      case 'get_accounts':
        return itemsAnswer(question, snapshotItems.account_event(standing.map(({ account }) => account)));
      case 'get_positions':
        return itemsAnswer(
          question,
          snapshotItems.position(standing.flatMap(({ positions }) => positions.filter(isAsked))),
        );
      case 'get_pending_positions':
        return itemsAnswer(
          question,
          snapshotItems.pending_position(standing.flatMap(({ pendings }) => pendings.filter(isAsked))),
        );
      case 'get_last_prices':
        return itemsAnswer(question, this.prices.last(session, filter.asset_pair ?? null));
    }
  }

  /** What is asked for by name and is not among what the key may see. */
  private missing(
    session: Session,
    visible: readonly KnownAccount[],
    { position_id: id, asset_pair: instrument }: Filter,
    question: Question,
  ): SessionErrorCode | null {
    const isKnown = (namesOf: (account: KnownAccount) => object): boolean =>
      visible.some((account) => Object.hasOwn(namesOf(account), id ?? ''));
    if (typeof instrument === 'string' && !this.prices.isTraded(session, instrument)) return 'asset_pair_not_found';
    if (typeof id !== 'string') return null;
    if (question === 'get_positions')
      return isKnown(({ book }) => book.positions.positions) ? null : 'position_not_found';
    if (question === 'get_pending_positions')
      return isKnown(({ book }) => book.orders.orders) ? null : 'order_not_found';
    return null;
  }

  private visible(session: Session, { account_id: accountId, trader_id: traderId }: Filter): readonly KnownAccount[] {
    return this.accounts.meant(
      (account) =>
        session.maySee(account.id, account.traderId) &&
        account.id === (accountId ?? account.id) &&
        account.traderId === (traderId ?? account.traderId),
    );
  }
}

import { CommandClient } from '@core/bus/command-client';
import { MarketView } from '@core/bus/market-view';
import type { CommandBody } from '@core/contracts/command';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import type { Language } from '@core/kernel/language';
import { uuidV5 } from '@core/kernel/uuid';
import type { Decimal, Instrument, Uuid } from '@core/contracts/primitives';
import { newId } from '@core/service/clock';
import { decodeConfirmation, encodeConfirmation } from '@core/tradingview/decode/confirmation';
import type { NewOrder } from '@core/tradingview/decode/order';
import { say, type UserText } from '@core/tradingview/texts/user-text';
import { translatePreview } from '@core/tradingview/translate/preview';
import { refusalText, refusedText } from '@core/tradingview/translate/words';
import type { TvPreview } from '@core/tradingview/wire/preview';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { TradingSettings } from '../config.ts';
import { Refused } from '../refused.ts';
import { AccountViews } from '../views/account-views.ts';
import { SlippageBounds } from './slippage-bounds.ts';
import { specOf } from './spec-of.ts';

export type Wish = CommandBody<'CheckRequest'>['data']['wish'];

/** What is previewed: the wish as it would be asked for, and the order that it makes. */
export interface PreviewedWish {
  readonly wish: Wish;
  readonly instrument: Instrument;
  readonly order: NewOrder;
}

interface Bound {
  readonly worstPrice: Decimal | null;
  readonly errors: readonly UserText[];
}

/** Of what has a price of its own. */
const UNBOUND: Bound = { worstPrice: null, errors: [] };

/** What orders and changes would come to, by the ledger's own rules; and that what follows is what was previewed. */
@Injectable()
export class Previews {
  constructor(
    private readonly settings: TradingSettings,
    private readonly commands: CommandClient,
    private readonly market: MarketView,
    private readonly views: AccountViews,
    private readonly slippage: SlippageBounds,
  ) {}

  /** Nothing happens. What would be refused stands among its errors, and then there is nothing to confirm. */
  async preview(
    account: TradedAccount,
    { wish, instrument, order }: PreviewedWish,
    language: Language,
  ): Promise<TvPreview> {
    const spec = specOf(this.market, account, instrument);
    const { market, currency, freeMargin } = this.views.of(account);
    if (currency === null) throw new Refused(refusalText('instruments-unavailable'));
    const bound = wish.type === 'PlaceOrder' ? await this.boundOf(account, spec, order) : UNBOUND;
    const errors = [...bound.errors, ...(await this.refusals(account, wish))];
    const { state } = this.market.standing(account.venue, instrument);
    const shown = translatePreview({
      ...{ ...order, spec, currency, market: market.priced },
      state: this.market.quote(account.venue, instrument) === null ? null : state,
      freeMargin,
      language,
    });
    if (errors.length > 0) return { ...shown, errors: errors.map((error) => say(language, error)) };
    const expiresAtMs = Date.now() + this.settings.previewMaxAgeMs;
    return {
      ...shown,
      confirmId: encodeConfirmation({ order: digestOf(account, wish), expiresAtMs, worstPrice: bound.worstPrice }),
    };
  }

  /** The worst price that was previewed; throws `Refused` where this was not, or not lately. */
  confirmed(account: TradedAccount, wish: Wish, confirmId: string): Decimal | null {
    const confirmation = decodeConfirmation(confirmId);
    if (confirmation === null || confirmation.expiresAtMs < Date.now()) throw new Refused({ key: 'preview.expired' });
    if (confirmation.order !== digestOf(account, wish)) throw new Refused({ key: 'preview.ofAnother' });
    return confirmation.worstPrice;
  }

  private async refusals(account: TradedAccount, wish: Wish): Promise<UserText[]> {
    const check = { type: 'CheckRequest', data: { wish } } as const;
    const { commandTimeoutMs: timeoutMs } = this.settings;
    const answer = await this.commands.ask(account.id, check, { id: newId(), timeoutMs });
    return answer.ok ? [] : [refusedText(answer.refusal)];
  }

  private async boundOf(account: TradedAccount, spec: InstrumentSpec, order: NewOrder): Promise<Bound> {
    if (order.kind !== 'market') return UNBOUND;
    try {
      return { worstPrice: await this.slippage.worstPrice(account, spec, order), errors: [] };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { worstPrice: null, errors: [error.text] };
    }
  }
}

/** What the user decides about; who asks and under which number may differ between preview and order. */
function digestOf({ id }: TradedAccount, { type, data }: Wish): Uuid {
  const { requester: _, ...terms } = data;
  return uuidV5(id, JSON.stringify([type, terms]));
}

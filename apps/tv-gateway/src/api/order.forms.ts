import type { ModifyForm, ModifyPositionForm } from '@core/tradingview/decode/change';
import type { PlaceForm, TermsForm } from '@core/tradingview/decode/order';
import type { Side } from '@core/contracts/primitives';
import { IsOptional } from 'class-validator';
import { NumberText, OneOf, OptionalNumberText, OptionalText, TextField } from '../http/fields.ts';

/** As long as the log keeps what a requester calls their request. */
const REQUEST_ID_MAX = 128;

// Forms as browsers send them (document, operations of the tag Trading). Unknown fields are let pass and dropped.

/** What protects an order or a position. */
class ProtectionForm {
  @OptionalNumberText({ key: 'field.stopLoss' })
  readonly stopLoss?: string;

  @OptionalNumberText({ key: 'field.takeProfit' })
  readonly takeProfit?: string;

  @OptionalNumberText({ key: 'field.trailingStop' })
  readonly trailingStopPips?: string;

  @OptionalNumberText({ key: 'field.guaranteedStop' })
  readonly guaranteedStop?: string;
}

class TermsOfOrder extends ProtectionForm implements TermsForm {
  @NumberText({ key: 'field.quantity' })
  readonly qty: string;

  @OptionalNumberText({ key: 'field.limitPrice' })
  readonly limitPrice?: string;

  @OptionalNumberText({ key: 'field.stopPrice' })
  readonly stopPrice?: string;

  @OptionalText({ key: 'field.duration' }, 16)
  readonly durationType?: string;

  @OptionalNumberText({ key: 'field.expiration' })
  readonly durationDateTime?: string;
}

class PreviewOrderForm extends TermsOfOrder implements PlaceForm {
  @TextField({ key: 'field.instrument' }, 64)
  readonly instrument: string;

  @OneOf({ key: 'field.side' }, 'buy', 'sell')
  readonly side: Side;

  @TextField({ key: 'field.orderType' }, 16)
  readonly type: string;

  @OptionalNumberText({ key: 'field.slippage' })
  readonly slippage?: string;
}

export class PlaceOrderForm extends PreviewOrderForm {
  @NumberText({ key: 'field.currentAsk' })
  readonly currentAsk: string;

  @NumberText({ key: 'field.currentBid' })
  readonly currentBid: string;
}

/** `id` is the order that would be changed; a new one has none. */
export class PreviewedOrderForm extends PreviewOrderForm {
  @OptionalText('id', 128)
  readonly id?: string;

  @OptionalNumberText({ key: 'field.currentAsk' })
  readonly currentAsk?: string;

  @OptionalNumberText({ key: 'field.currentBid' })
  readonly currentBid?: string;
}

/** Of what asks for an order, be it by its name or as the other side of a position. Any text; empty is none. */
export class RequestIdQuery {
  @OptionalText('requestId', REQUEST_ID_MAX)
  readonly requestId?: string;
}

export class ConfirmationQuery {
  @OptionalText('confirmId', 128)
  readonly confirmId?: string;
}

export class PlaceOrderQuery extends ConfirmationQuery {
  /** Any text; empty is none. */
  @OptionalText('requestId', REQUEST_ID_MAX)
  readonly requestId?: string;
}

export class ModifyOrderForm extends TermsOfOrder implements ModifyForm {
  @OptionalText('id', 128)
  readonly id?: string;

  @OptionalText({ key: 'field.instrument' }, 64)
  readonly instrument?: string;

  @OptionalText({ key: 'field.side' }, 8)
  readonly side?: string;

  @OptionalText({ key: 'field.orderType' }, 16)
  readonly type?: string;
}

export class PositionForm extends ProtectionForm implements ModifyPositionForm {
  @IsOptional()
  @OneOf({ key: 'field.side' }, 'buy', 'sell')
  readonly side?: Side;

  @OptionalNumberText({ key: 'field.currentAsk' })
  readonly currentAsk?: string;

  @OptionalNumberText({ key: 'field.currentBid' })
  readonly currentBid?: string;
}

export class ClosePositionForm {
  @OptionalNumberText({ key: 'field.quantity' })
  readonly amount?: string;
}

const TRANSACTION_TYPES = [
  'place_order',
  'modify_order',
  'cancel_order',
  'modify_position',
  'close_position',
  'modify_individual_position',
  'close_individual_position',
  'close_net_position',
] as const;

/** `POST /trackLatency`: how long a user waited, as their browser measured it. */
export class LatencyForm {
  @TextField('transactionId', 128)
  readonly transactionId: string;

  @OneOf('transactionType', ...TRANSACTION_TYPES)
  readonly transactionType: string;

  @NumberText('roundTripDuration')
  readonly roundTripDuration: string;
}

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
  @OptionalNumberText('Stop loss')
  readonly stopLoss?: string;

  @OptionalNumberText('Take profit')
  readonly takeProfit?: string;

  @OptionalNumberText('Trailing stop')
  readonly trailingStopPips?: string;

  @OptionalNumberText('Guaranteed stop')
  readonly guaranteedStop?: string;
}

class TermsOfOrder extends ProtectionForm implements TermsForm {
  @NumberText('Quantity')
  readonly qty: string;

  @OptionalNumberText('Limit price')
  readonly limitPrice?: string;

  @OptionalNumberText('Stop price')
  readonly stopPrice?: string;

  @OptionalText('Duration', 16)
  readonly durationType?: string;

  @OptionalNumberText('Expiration')
  readonly durationDateTime?: string;
}

class PreviewOrderForm extends TermsOfOrder implements PlaceForm {
  @TextField('Instrument', 64)
  readonly instrument: string;

  @OneOf('Side', 'buy', 'sell')
  readonly side: Side;

  @TextField('Type', 16)
  readonly type: string;
}

export class PlaceOrderForm extends PreviewOrderForm {
  @NumberText('Current ask')
  readonly currentAsk: string;

  @NumberText('Current bid')
  readonly currentBid: string;
}

/** `id` is the order that would be changed; a new one has none. */
export class PreviewedOrderForm extends PreviewOrderForm {
  @OptionalText('Id', 128)
  readonly id?: string;

  @OptionalNumberText('Current ask')
  readonly currentAsk?: string;

  @OptionalNumberText('Current bid')
  readonly currentBid?: string;
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
  @OptionalText('Id', 128)
  readonly id?: string;

  @OptionalText('Instrument', 64)
  readonly instrument?: string;

  @OptionalText('Side', 8)
  readonly side?: string;

  @OptionalText('Type', 16)
  readonly type?: string;
}

export class PositionForm extends ProtectionForm implements ModifyPositionForm {
  @IsOptional()
  @OneOf('Side', 'buy', 'sell')
  readonly side?: string;
}

export class ClosePositionForm {
  @OptionalNumberText('Amount')
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

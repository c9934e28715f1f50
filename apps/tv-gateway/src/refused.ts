import type { UserText } from '@core/tradingview/texts/user-text';

/** Something the user asked for cannot be done. `text` is what TradingView shows them. */
export class Refused extends Error {
  readonly code = 'refused';

  constructor(readonly text: UserText) {
    super(text.key);
  }
}

/** Who calls is not known, or not any more. */
export class Unauthenticated extends Error {
  readonly code = 'unauthenticated';
}

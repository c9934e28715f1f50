import type { Uuid } from '@core/contracts/primitives';
import type { UserText } from '@core/tradingview/texts/user-text';

/**
 * Something the user asked for cannot be done. `text` is what TradingView shows them, the message why for the log:
 * the ledger's reason where that refused it, of the request `requestId`.
 */
export class Refused extends Error {
  readonly code = 'refused';

  constructor(
    readonly text: UserText,
    reason: string = text.key,
    readonly requestId: Uuid | null = null,
  ) {
    super(reason);
  }
}

/** Who calls is not known, or not any more. */
export class Unauthenticated extends Error {
  readonly code = 'unauthenticated';

  constructor(readonly text: UserText = { key: 'login.again' }) {
    super(text.key);
  }
}

/** Who calls shows a token of another cell: this one knows nothing of its traders. */
export class Elsewhere extends Unauthenticated {
  constructor() {
    super({ key: 'login.elsewhere' });
  }
}

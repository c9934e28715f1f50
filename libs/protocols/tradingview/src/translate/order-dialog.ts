import type { Decimal } from '@core/contracts/primitives';
import { compare, toNumber } from '@core/kernel/decimal';
import type { Language } from '@core/kernel/language';
import { say } from '../texts/user-text.ts';
import type { ComboBox, TvAccount } from '../wire/account.ts';

/** The name of the field under which the order dialog sends how far the price may slip. */
const SLIPPAGE_FIELD = 'slippage';

/** In percent; narrower ones than the account's own bound are offered beside it. */
const CHOICES: readonly Decimal[] = ['0.05', '0.1', '0.25', '0.5', '1', '2'];

/** The order dialog of an account, or of an instrument that has a bound of its own. */
export const orderDialog = (bound: Decimal, language: Language): TvAccount['ui'] => ({
  orderDialogCustomFields: { comboBox: [slippageBox(bound, language)] },
});

/** How far the price of a market order may slip: as far as the account's bound, which is chosen at first, or less. */
function slippageBox(bound: Decimal, language: Language): ComboBox {
  const narrower = CHOICES.filter((each) => compare(each, bound) < 0).toReversed();
  return {
    id: SLIPPAGE_FIELD,
    title: say(language, { key: 'field.slippage' }),
    saveToSettings: true,
    mutable: false,
    items: [bound, ...narrower].map((percent) => ({
      text: say(language, { key: 'dialog.percent', values: { percent: toNumber(percent) } }),
      value: percent,
    })),
  };
}

/** What an order says of the fields that the dialog has besides its own. */
export const dialogFields = (slippagePercent: Decimal): { id: string; value: string }[] => [
  { id: SLIPPAGE_FIELD, value: slippagePercent },
];

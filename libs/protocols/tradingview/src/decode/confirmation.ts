import { PositiveDecimal, type Decimal, type Uuid } from '@core/contracts/primitives';

/** What a preview promised: of which order, until when, and the worst price of one at the market. */
export interface Confirmation {
  /** A digest of the order as it was previewed. */
  readonly order: Uuid;
  readonly expiresAtMs: number;
  readonly worstPrice: Decimal | null;
}

const FORM = /^([0-9a-f-]{36})~(\d{1,15})~([0-9.]{0,64})$/;

/** As it travels with the order. It protects the one who sends it, so nothing is signed. */
export const encodeConfirmation = ({ order, expiresAtMs, worstPrice }: Confirmation): string =>
  `${order}~${expiresAtMs}~${worstPrice ?? ''}`;

/** Null for anything that `encodeConfirmation` does not make. */
export function decodeConfirmation(text: string): Confirmation | null {
  const [, order, expiresAtMs, worst = ''] = FORM.exec(text) ?? [];
  if (order === undefined || expiresAtMs === undefined) return null;
  if (worst === '') return { order, expiresAtMs: Number(expiresAtMs), worstPrice: null };
  const worstPrice = PositiveDecimal.safeParse(worst);
  return worstPrice.success ? { order, expiresAtMs: Number(expiresAtMs), worstPrice: worstPrice.data } : null;
}

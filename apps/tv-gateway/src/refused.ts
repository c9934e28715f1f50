/** Something the user asked for cannot be done. The message is what TradingView shows them. */
export class Refused extends Error {
  readonly code = 'refused';
}

/** Who calls is not known, or not any more. */
export class Unauthenticated extends Error {
  readonly code = 'unauthenticated';
}

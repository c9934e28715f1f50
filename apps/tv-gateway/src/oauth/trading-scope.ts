/** All that is ever granted: to trade as the person who logged in. */
export const TRADING = 'trading';

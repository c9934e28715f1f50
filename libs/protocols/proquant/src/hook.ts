/** Where events come in, behind the address of proquant-webhook; the hook id follows: the integration's, behind the name of its cell. */
export const HOOKS_PATH = '/proquant/v1/hooks';

/** The header whose value is the integration's token. */
export const TOKEN_HEADER = 'x-proquant-token';

/** Of an answer 421: the cell where the integration is at home, for whoever sends it on. */
export const CELL_HEADER = 'x-cell';

/** Where ProQuant sends an integration's events, when `publicUrl` is where it reaches proquant-webhook. */
export const hookUrlOf = (publicUrl: string, hookId: string): string =>
  `${publicUrl.replace(/\/+$/, '')}${HOOKS_PATH}/${hookId}`;

import type { IntegrationId } from '@core/contracts/primitives';

/** Where events come in, behind the address of proquant-webhook; the id of the integration follows. */
export const HOOKS_PATH = '/proquant/v1/hooks';

/** The header whose value is the integration's token. */
export const TOKEN_HEADER = 'x-proquant-token';

/** Where ProQuant sends an integration's events, when `publicUrl` is where it reaches proquant-webhook. */
export const hookUrlOf = (publicUrl: string, integrationId: IntegrationId): string =>
  `${publicUrl.replace(/\/+$/, '')}${HOOKS_PATH}/${integrationId}`;

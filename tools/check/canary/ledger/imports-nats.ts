// caught by: no-restricted-imports
import * as nats from 'nats';

export const borrowed = nats;

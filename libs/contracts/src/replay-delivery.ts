import { z } from 'zod';
import { Uuid } from './primitives.ts';

/** An operator's wish to have a delivery of ProQuant's carried out again, by its `requestId`. */
export const ReplayDelivery = z.strictObject({ deliveryId: Uuid });

import { z } from 'zod';

/** What an operator may do in the console: look, command, or change what everyone is shown. */
export const OperatorRole = z.enum(['read', 'operate', 'admin']);
export type OperatorRole = z.output<typeof OperatorRole>;

import type { Answer, Command } from '@core/contracts/command';
import type { Uuid } from '@core/contracts/primitives';

/** Hands in what the ledger commands itself; `cause` is the event because of which, null after a start. */
export type SubmitOwn = (command: Command, cause: Uuid | null) => Promise<Answer>;

import type { Answer, Command, CommandBody } from '@core/contracts/command';
import type { Uuid } from '@core/contracts/primitives';

/** What the ledger wants of an account by itself; who asks, when and under which id is the same for all of it. */
type OwnWish = CommandBody & Pick<Command, 'subject' | 'correlationid'>;

/** Hands it in; `cause` is the event because of which, null after a start. */
export type SubmitOwn = (wish: OwnWish, cause: Uuid | null) => Promise<Answer>;

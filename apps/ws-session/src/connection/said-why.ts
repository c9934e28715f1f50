import { closeCodes, type CloseName } from '@core/ws-session/close-code';
import { WebSocket } from 'ws';

const names = Object.entries(closeCodes) as [CloseName, number][];

/** Of an end that `ws` gives a code by itself: what is no WebSocket at all has one that is not ours. */
const nameOf = (code: number): CloseName => names.find(([, each]) => each === code)?.[0] ?? 'invalid_message_format';

/** A socket that says why it ends, also where `ws` ends it by itself for what came: it knows the code alone. */
export class SaidWhy extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? (code === undefined ? undefined : nameOf(code)));
  }
}

import type { OutcomeReport, Receipt } from '@core/execution/report';
import { unreachable } from '@core/kernel/unreachable';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import { RequestStatus } from '../wire/enums.ts';
import type { Reply } from '../wire/frames.ts';
import { StreamingTradeStatusRecord } from '../wire/trade-record.ts';
import { boundedText } from './bounds.ts';
import { meaningOf, reasonOfMessage } from './error-reason.ts';

const Status = StreamingTradeStatusRecord.pick({
  order: true,
  requestStatus: true,
  message: true,
  customComment: true,
}).partial({ message: true, customComment: true });

const Taken = z.object({ order: z.int() });

/**
 * The data of a `tradeStatus` frame or the answer of `tradeTransactionStatus` (seed §6.8, §5.23): what became of a
 * request. Pending, and statuses that nobody documented, leave it open. The price in it is the requested one.
 */
export function translateTradeStatus(data: unknown): Result<OutcomeReport, string> {
  const record = Status.safeParse(data);
  if (!record.success) return err(z.prettifyError(record.error));
  const { order, requestStatus, message, customComment } = record.data;
  return ok({
    brokerRequest: String(order),
    comment: boundedText(customComment),
    outcome: outcomeOf(requestStatus, message ?? null),
  });
}

function outcomeOf(status: number, message: string | null): OutcomeReport['outcome'] {
  switch (status) {
    case RequestStatus.accepted:
      return { is: 'accepted' };
    case RequestStatus.rejected:
    case RequestStatus.error:
      return { is: 'rejected', reason: reasonOfMessage(message), brokerCode: null, text: boundedText(message) };
    default:
      return { is: 'open' };
  }
}

/** The reply to a `tradeTransaction` (wire-behaviour §5 and §9): received under a number, and not executed yet. */
export function translateReceipt(reply: Reply): Receipt {
  if (reply.status) {
    const taken = Taken.safeParse(reply.returnData);
    return taken.success ? { is: 'taken', brokerRequest: String(taken.data.order) } : { is: 'unclear' };
  }
  const { errorCode: brokerCode } = reply;
  const text = boundedText(reply.errorDescr);
  const answer = meaningOf(brokerCode);
  switch (answer.means) {
    case 'rejected':
      return { is: 'rejected', reason: answer.reason, brokerCode, text };
    case 'retry':
      return { is: 'busy', brokerCode, text };
    case 'unknown':
    case 'session':
      return { is: 'unclear' };
    default:
      return unreachable(answer);
  }
}

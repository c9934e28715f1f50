import { NoAnswer, NoTurn, QuestionRefused, type BrokerFailure } from '@core/connector/broker-failure';
import type { MarketFailure } from '@core/contracts/market/failure';
import { unreachable } from '@core/kernel/unreachable';

/** The other venue's answer; where it has none, what a broker without one says. */
export function answerOf<Answer extends { readonly ok: true }>(answer: Answer | MarketFailure): Answer {
  if (answer.ok) return answer;
  throw failureOf(answer);
}

function failureOf({ reason, text }: MarketFailure): BrokerFailure {
  const said = text ?? reason;
  switch (reason) {
    case 'unknown-instrument':
    case 'unknown-period':
      return new QuestionRefused(reason, said);
    case 'range-too-large':
      return new QuestionRefused('too-large', said);
    case 'malformed':
    case 'broker-error':
      return new QuestionRefused('broker-error', said);
    case 'busy':
      return new NoTurn(said);
    case 'broker-unavailable':
      return new NoAnswer(said);
    default:
      return unreachable(reason);
  }
}

import type { LogLine } from '@core/operations/log-line';
import { clock, moment } from '../words.ts';

/** What kind of thing an event tells of decides its colour. */
function familyOf(type: string): string {
  if (/^(Order|Amendment|Cancellation|Close[RO])/.test(type)) return type === 'CloseOnlySet' ? 'operation' : 'order';
  if (type.startsWith('Request')) return /Rejected|Unknown|Expired/.test(type) ? 'trouble' : 'request';
  if (type.startsWith('Position')) return 'position';
  if (/^(Signal|Strategy|Integration)/.test(type)) return 'signal';
  if (/^(Trading|Message)/.test(type)) return 'operation';
  return 'account';
}

export const EventType = ({ type }: { readonly type: string }) => <span class={`type ${familyOf(type)}`}>{type}</span>;

interface EventLineProps {
  readonly line: LogLine;
  readonly account: string;
}

/** One event in a list of few. */
export function EventLine({ line, account }: EventLineProps) {
  return (
    <li class="event-line">
      <time title={moment(line.recorded)}>{clock(line.recorded)}</time>
      <EventType type={line.type} />
      <span class="account">{account}</span>
      <a class="words" href={`/thing/${line.id}`}>
        {line.words || line.type}
      </a>
    </li>
  );
}

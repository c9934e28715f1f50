import { processName } from '@core/kernel/process-name';
import type { ServiceStanding } from '@core/operations/service-standing';
import { Dot, type Tone } from '../parts/dot.tsx';
import { age, count, many, moment } from '../words.ts';

const TONES: Readonly<Record<ServiceStanding['status'], Tone>> = {
  ready: 'good',
  reachable: 'good',
  'stands-by': 'good',
  'not-ready': 'warn',
  'no-answer': 'bad',
};
const WORDS: Readonly<Record<ServiceStanding['status'], string>> = {
  ready: 'ready',
  reachable: 'reachable',
  'stands-by': 'stands by',
  'not-ready': 'not ready',
  'no-answer': 'no answer',
};

interface ServiceTableProps {
  readonly services: readonly ServiceStanding[];
  readonly head: number;
}

export function ServiceTable({ services, head }: ServiceTableProps) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Services">
      <table>
        <thead>
          <tr>
            <th>service</th>
            <th>stands</th>
            <th class="number">behind</th>
            <th>up for</th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <tr key={processName(service)}>
              <th scope="row">
                {processName(service)}
                {service.build !== null && <div class="reason">{service.build}</div>}
              </th>
              <td>
                <span class="state">
                  <Dot tone={TONES[service.status]} /> {WORDS[service.status]}
                </span>
                {[...service.reasons, ...service.notes, ...behindOf(service, head)].map((reason) => (
                  <div key={reason} class="reason">
                    {reason}
                  </div>
                ))}
              </td>
              <td class="number">
                {service.projections.length === 0
                  ? '–'
                  : count(Math.max(...service.projections.map((each) => lag(each, head))))}
              </td>
              <td>
                {service.startedAt ? <time title={moment(service.startedAt)}>{age(service.startedAt)}</time> : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const lag = ({ position }: ServiceStanding['projections'][number], head: number): number =>
  Math.max(0, head - position);

/** Which of its projections are behind the log, and how far. */
const behindOf = ({ projections }: ServiceStanding, head: number): readonly string[] =>
  projections
    .filter((each) => lag(each, head) > 0)
    .map((each) => `${each.runner}: ${many(lag(each, head), 'event')} behind`);

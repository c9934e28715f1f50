import type { ServiceStanding } from '@core/operations/service-standing';
import { Dot, type Tone } from '../parts/dot.tsx';
import { age, count, moment } from '../words.ts';

const TONES: Readonly<Record<ServiceStanding['status'], Tone>> = {
  ready: 'good',
  'not-ready': 'warn',
  'no-answer': 'bad',
};
const WORDS: Readonly<Record<ServiceStanding['status'], string>> = {
  ready: 'ready',
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
            <th>build</th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <tr key={service.name}>
              <th scope="row">{service.name}</th>
              <td>
                <span class="state">
                  <Dot tone={TONES[service.status]} /> {WORDS[service.status]}
                </span>
                {[...service.reasons, ...service.notes].map((reason) => (
                  <div key={reason} class="reason">
                    {reason}
                  </div>
                ))}
              </td>
              <td
                class="number"
                title={service.position === null ? undefined : `has folded up to ${count(service.position)}`}
              >
                {service.position === null ? '–' : count(Math.max(0, head - service.position))}
              </td>
              <td>
                {service.startedAt ? <time title={moment(service.startedAt)}>{age(service.startedAt)}</time> : '–'}
              </td>
              <td class="quiet">{service.build === null ? '–' : <Build build={service.build} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A version and its commit: where they are too long for one line the commit stands below. */
function Build({ build }: { readonly build: string }) {
  const [version, ...commit] = build.split('+');
  return (
    <>
      {version}
      {commit.length > 0 && (
        <>
          <wbr />+{commit.join('+')}
        </>
      )}
    </>
  );
}

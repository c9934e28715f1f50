import type { Alert } from '@core/operations/finding';
import { CopyButton } from '../parts/copy-button.tsx';
import { age, moment } from '../words.ts';
import { mendedAt } from './mended-at.ts';

const KINDS: Readonly<Record<Alert['kind'], string>> = {
  service: 'Service',
  session: 'Session',
  'unknown-outcome': 'Unknown outcome',
  quarantine: 'Quarantine',
  drift: 'Drift',
  halt: 'Halt',
  'half-done': 'Half done',
  'dead-delivery': 'Unreadable',
};

/** What needs a person, and what that person does next. */
export function Findings({ findings }: { readonly findings: readonly Alert[] }) {
  return (
    <ul class="findings" aria-label="What needs you">
      {findings.map((finding) => (
        <li key={`${finding.kind}${finding.text}`} class={finding.kind}>
          <strong>{KINDS[finding.kind]}</strong>
          <FindingText {...finding} />
          {finding.since && (
            <time class="quiet" title={moment(finding.since)}>
              for {age(finding.since)}
            </time>
          )}
          {finding.next.map((step) => (
            <span key={step} class="next">
              <code>{step}</code>
              {step.startsWith('npm ') && <CopyButton text={step} what="the command" />}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function FindingText(finding: Alert) {
  const page = mendedAt(finding);
  return page === null ? (
    <span class="text">{finding.text}</span>
  ) : (
    <a class="text" href={page}>
      {finding.text}
    </a>
  );
}

import type { Stage } from '@core/operations/life-line';
import { Card } from '../parts/card.tsx';
import { clock, duration, moment } from '../words.ts';

const took = (ms: number): string =>
  ms < 10_000 ? `${ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`}` : duration(ms);

/** The stages one after the other; a bar is as long as what it took, beside the longest. */
export function LifeLine({ stages }: { readonly stages: readonly Stage[] }) {
  if (stages.length === 0) return null;
  const longest = Math.max(1, ...stages.map(({ tookMs }) => tookMs ?? 0));
  return (
    <Card title="Life line" aside="by the ledger’s clock, UTC">
      <ol class="life-line">
        {stages.map(({ name, position, at, tookMs, shown }) => (
          <li key={`${position} ${name}`}>
            <time title={moment(at)}>{clock(at)}</time>
            <a href={`/log?to=${position}&open=${position}&noise=on`}>{name}</a>
            <span class="bar">
              {tookMs !== null && (
                <i style={{ width: `${Math.max(1, (Math.log1p(tookMs) / Math.log1p(longest)) * 100)}%` }} />
              )}
            </span>
            <span class="number">{tookMs === null ? '' : `+${took(tookMs)}`}</span>
            {shown && (
              <span class="shown" title={`${shown.by} was the first to give it to a reader, in ${shown.where}`}>
                shown after {took(shown.tookMs)} by {shown.by}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

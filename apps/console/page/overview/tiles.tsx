import type { ComponentChildren } from 'preact';
import type { OverviewAnswer } from '../../src/overview.ts';
import { SparkBars } from '../parts/spark-bars.tsx';
import { age, count } from '../words.ts';

/** The figures of the whole system. */
export function Tiles({ overview }: { readonly overview: OverviewAnswer }) {
  const { head, perMinute, unknown, quarantined, drifts, sessions } = overview;
  const wanted = sessions.filter(({ enabled }) => enabled);
  const open = wanted.filter(({ session }) => session.status === 'open');
  const rate = perMinute?.at(-2) ?? 0;
  return (
    <div class="tiles">
      <Tile name="Head of the log" value={count(head)}>
        {perMinute && (
          <>
            <SparkBars values={perMinute} label={`events a minute: ${perMinute.join(', ')}`} />
            <span>{count(rate)} events in the last whole minute</span>
          </>
        )}
      </Tile>
      <Tile name="Broker sessions" value={`${open.length} of ${wanted.length}`} isBad={open.length < wanted.length}>
        <span>open</span>
      </Tile>
      <Tile name="Unknown outcomes" value={count(unknown.count)} isBad={unknown.count > 0}>
        <span>{unknown.oldest ? `the oldest for ${age(unknown.oldest)}` : 'every request is settled'}</span>
      </Tile>
      <Tile name="Quarantine" value={count(quarantined)} isBad={quarantined > 0}>
        <span>{quarantined === 0 ? 'everything could be recorded' : 'could not be recorded'}</span>
      </Tile>
      <Tile name="Drift" value={count(drifts)} isBad={drifts > 0}>
        <span>{drifts === 0 ? 'the brokers agree with the log' : 'accounts differ from their broker'}</span>
      </Tile>
    </div>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly isBad?: boolean;
  readonly children: ComponentChildren;
}

function Tile({ name, value, isBad = false, children }: TileProps) {
  return (
    <div class={isBad ? 'tile bad' : 'tile'}>
      <h2>{name}</h2>
      <strong>{value}</strong>
      <div class="quiet">{children}</div>
    </div>
  );
}

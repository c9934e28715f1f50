import { isSameBuild, spellBuild } from '@core/projection-runner/releases';
import { useEffect, useRef } from 'preact/hooks';
import type { ProjectionsAnswer, ReleasedProjectionAnswer } from '../../src/projections.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';
import { BuildTable } from './build-table.tsx';
import { Comparison } from './comparison.tsx';
import { DecisionTable } from './decision-table.tsx';
import { ReleaseDecisions } from './release-decisions.tsx';

const EVERY_MS = 1_000;

interface ProjectionPageProps {
  readonly owner: string;
  readonly name: string;
}

/** One projection of an edge: its builds, how they differ, and what is to become of them. */
export function ProjectionPage({ owner, name }: ProjectionPageProps) {
  const { answer, error } = useAnswer<ProjectionsAnswer>('/api/projections', { everyMs: EVERY_MS });
  const called = `${owner}’s ${name}`;
  useEffect(() => void (document.title = `${called} · Trading core`), [called]);
  const running = answer?.projections.find((each) => each.owner === owner && each.name === name);
  // Processes that are late to say that they are there take away nothing that somebody is at.
  const last = useRef(running);
  last.current = running ?? last.current;
  const known = last.current;
  const decisions = answer?.decisions.filter((each) => each.owner === owner && each.name === name) ?? [];
  return (
    <>
      <header class="page-head">
        <h1>{called}</h1>
        <p class="quiet">
          <a href="/projections">all projections</a>
        </p>
      </header>
      {error !== null && <Failure text={error} />}
      {answer === null && error === null && <p class="waiting">Reading…</p>}
      {answer && !running && <Failure text={`No running process of ${owner} folds ${name}.`} />}
      {known && <Released {...known} />}
      {answer && (
        <Card title="Decisions">
          <DecisionTable decisions={decisions} />
        </Card>
      )}
    </>
  );
}

function Released(projection: ReleasedProjectionAnswer) {
  const { owner, name, release, builds } = projection;
  const other = release.candidate ?? release.previous;
  const isReady = builds.some(
    (each) => other && isSameBuild(each, other) && each.processes === each.of && !each.phases.includes('filling'),
  );
  return (
    <>
      <Card title="Builds" aside={`${spellBuild(release.served)} is served`}>
        <BuildTable projections={[projection]} />
        <ReleaseDecisions {...projection} />
      </Card>
      {other && (
        <Card title="Difference" aside={`what is served beside ${spellBuild(other)}`}>
          <Comparison key={`${spellBuild(release.served)} ${spellBuild(other)}`} {...{ owner, name, isReady }} />
        </Card>
      )}
    </>
  );
}

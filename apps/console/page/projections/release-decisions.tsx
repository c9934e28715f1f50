import type { ReleaseAct } from '@core/operations/release-act';
import { spellBuild, type Build } from '@core/projection-runner/releases';
import { useState } from 'preact/hooks';
import type { ReleaseAnswer } from '../../src/projections.controller.ts';
import type { ReleasedProjectionAnswer } from '../../src/projections.ts';
import { may, operator, submit } from '../api.ts';
import { count } from '../words.ts';
import { Decision } from '../workbench/decision.tsx';

/** What an operator can have done with the builds of a projection. */
export function ReleaseDecisions({ owner, name, carried, release }: ReleasedProjectionAnswer) {
  const { served, previous, candidate } = release;
  const [version, setVersion] = useState(carried.at(-1) ?? served.version);
  const decide = (act: ReleaseAct) => async (note: string) => {
    const form = { owner, name, act, note, ...(act === 'build' && { version }) };
    const { build, position } = await submit<ReleaseAnswer>('/api/projections', form);
    const where =
      position === null ? 'the log learns it with the next change' : `recorded at position ${count(position)}`;
    return `Decided of build ${spellBuild(build)}: ${where}.`;
  };
  // Whoever sees the edge is concerned: its name is typed.
  const serving = (act: 'promote' | 'rollback', build: Build | null, begin: string) =>
    build && (
      <Decision
        key={act}
        begin={begin}
        confirm={`Serve ${spellBuild(build)} to everyone`}
        typed={owner}
        needs="admin"
        decide={decide(act)}
      />
    );
  if (!may('admin'))
    return <p class="quiet">Releases are decided by the role admin; yours is {operator.value?.role}.</p>;
  return (
    <div class="decisions">
      <Decision
        begin="Build another…"
        confirm={`Fill version ${version} beside it`}
        typed={null}
        needs="admin"
        decide={decide('build')}
      >
        <label>
          Version
          <select value={version} onChange={({ currentTarget }) => setVersion(Number(currentTarget.value))}>
            {carried.map((each) => (
              <option key={each} value={each}>
                {each === served.version ? `${each}, which is served, anew` : each}
              </option>
            ))}
          </select>
        </label>
      </Decision>
      {serving('promote', candidate, `Promote ${candidate ? spellBuild(candidate) : ''}…`)}
      {serving('rollback', previous, `Roll back to ${previous ? spellBuild(previous) : ''}…`)}
      {candidate && (
        <Decision
          begin={`Discard ${spellBuild(candidate)}…`}
          confirm={`Let go of ${spellBuild(candidate)}`}
          typed={null}
          needs="admin"
          decide={decide('discard')}
        />
      )}
    </div>
  );
}

import { spellBuild } from '@core/projection-runner/releases';
import type { ReleasedProjectionAnswer } from '../../src/projections.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Dot, type Tone } from '../parts/dot.tsx';
import { count } from '../words.ts';
import { FillProgress } from './fill-progress.tsx';

type Standing = ReleasedProjectionAnswer['builds'][number];

const TONES: Readonly<Record<Standing['phases'][number], Tone>> = {
  served: 'good',
  'standing-by': 'off',
  filling: 'warn',
  failed: 'bad',
};

/** Every build of these projections, and how far it is. */
export function BuildTable({ projections }: { readonly projections: readonly ReleasedProjectionAnswer[] }) {
  const rows = projections.flatMap(({ owner, name, builds }) => builds.map((build) => ({ ...build, owner, name })));
  return (
    <DataTable
      label="Builds"
      rows={rows}
      keyOf={({ owner, name, version, build }) => `${owner} ${name} ${version}#${build}`}
      none="No edge is running: it is the processes that fill and serve."
      columns={[
        { name: 'edge', cell: ({ owner }) => owner },
        { name: 'projection', cell: ({ owner, name }) => <a href={`/projections/${owner}/${name}`}>{name}</a> },
        { name: 'build', cell: (each) => spellBuild(each) },
        {
          name: 'is',
          cell: (each) => (
            <>
              {each.phases.map((phase) => (
                <span key={phase} class="state">
                  <Dot tone={TONES[phase]} /> {phase.replace('-', ' ')}
                </span>
              ))}
              {each.phases.includes('filling') && <FillProgress {...each} />}
              {each.reason !== null && <div class="reason">{each.reason}</div>}
            </>
          ),
        },
        { name: 'position', isNumber: true, cell: ({ position }) => count(position) },
        { name: 'behind', isNumber: true, cell: ({ behind }) => count(behind) },
        { name: 'processes', cell: ({ processes, of }) => `${processes} of ${of}` },
      ]}
    />
  );
}

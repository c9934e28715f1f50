import { spellBuild } from '@core/projection-runner/releases';
import type { ReleaseDecisionAnswer } from '../../src/projections.ts';
import { DataTable } from '../parts/data-table.tsx';
import { moment } from '../words.ts';

/** What operators decided of builds, the newest first. */
export const DecisionTable = ({ decisions }: { readonly decisions: readonly ReleaseDecisionAnswer[] }) => (
  <DataTable
    label="Decisions on builds"
    rows={decisions}
    keyOf={({ number }) => String(number)}
    none="Nothing was decided: edges serve what they have."
    columns={[
      { name: 'decided', cell: ({ decidedAt }) => moment(decidedAt).slice(0, 19) },
      { name: 'projection', cell: ({ owner, name }) => `${owner}’s ${name}` },
      { name: 'act', cell: ({ act }) => act },
      { name: 'build', cell: (each) => spellBuild(each) },
      { name: 'by', cell: ({ operator }) => operator },
      { name: 'why', cell: ({ note }) => <span class="wrap">{note}</span> },
    ]}
  />
);

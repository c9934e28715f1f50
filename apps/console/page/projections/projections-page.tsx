import type { ProjectionsAnswer } from '../../src/projections.ts';
import { useAnswer } from '../answer.ts';
import { Card } from '../parts/card.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { BuildTable } from './build-table.tsx';
import { DecisionTable } from './decision-table.tsx';
import { StepperForm } from './stepper-form.tsx';

const EVERY_MS = 2_000;

/** What edges fold and serve: how far each build is, and what was decided. */
export function ProjectionsPage() {
  const { answer, error } = useAnswer<ProjectionsAnswer>('/api/projections', { everyMs: EVERY_MS });
  return (
    <PageFrame
      title="Projections"
      about="what edges fold of the log and serve, released like software"
      error={error}
      isEmpty={answer === null}
    >
      {answer && (
        <>
          <Card title="Builds" aside="how far the slowest process is with each">
            <BuildTable projections={answer.projections} />
          </Card>
          <Card title="Step through a fold" aside="what each event of an account does to it">
            <StepperForm folds={answer.folds} />
          </Card>
          <Card title="Decisions" aside="which build was served when, by whom and why">
            <DecisionTable decisions={answer.decisions} />
          </Card>
        </>
      )}
    </PageFrame>
  );
}

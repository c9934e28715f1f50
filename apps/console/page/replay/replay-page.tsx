import type { ReplayAnswer } from '../../src/replays.ts';
import { useAnswer } from '../answer.ts';
import { mayOperate } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { Difference } from './difference.tsx';
import { PlayForm } from './play-form.tsx';
import { ReplayStanding } from './replay-standing.tsx';

const EVERY_MS = 500;

/** The log once more, in a sandbox. */
export function ReplayPage() {
  const { answer, error } = useAnswer<ReplayAnswer>('/api/replay', { everyMs: EVERY_MS });
  const replay = answer?.replay ?? null;
  return (
    <PageFrame
      title="Replay"
      about="a piece of the log as it was, in a sandbox that no broker can be reached from"
      error={error}
      isEmpty={answer === null}
    >
      {replay && (
        <Card title={`Sandbox ${replay.asked.sandbox}`} aside={`played by ${replay.operator}`}>
          <ReplayStanding {...replay} />
        </Card>
      )}
      {replay?.state && (
        <Card title="Beside now" aside="what became otherwise since where it stands">
          <Difference position={replay.state.position} />
        </Card>
      )}
      {answer && !replay?.isRunning && (
        <Card title="Play" aside="a sandbox that is there already goes on where it ended">
          {mayOperate() ? (
            <PlayForm sandboxes={answer.sandboxes} />
          ) : (
            <p class="quiet">The log is played by the role operate.</p>
          )}
        </Card>
      )}
    </PageFrame>
  );
}

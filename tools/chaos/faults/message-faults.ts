import { commandSubjects, subjects } from '@core/contracts/subjects';
import { Hostile } from '@core/testing/hostile';
import { isOver, type ChaosFault } from './fault.ts';

const AGAIN_EVERY_MS = 100;
const POISONS = 20;
const STRANGER = '00000000-0000-4000-8000-00000000dead';
const BATCH = JSON.stringify({
  batchid: STRANGER,
  events: [{ id: STRANGER, type: 'EquityMarked', subject: STRANGER }],
});
const FEED = JSON.stringify({ first: 1, last: 1, events: [], known: [], refused: [] });

/** What was told is told again, and in the wrong order. */
export const duplicate: ChaosFault = async ({ intake }) => {
  intake.repeatBackwards();
  const again = setInterval(() => intake.repeatBackwards(), AGAIN_EVERY_MS);
  return () => clearInterval(again);
};

/** What nobody who means well says, where everybody listens. */
export const poison: ChaosFault = async ({ nats, seed, told, accounts }, where) => {
  const hostile = new Hostile(seed);
  const says = {
    intake: subjects.intake(accounts[0] ?? STRANGER),
    command: commandSubjects.PlaceOrder,
    feed: subjects.feed,
  };
  for (let count = 0; count < POISONS; count += 1) {
    const body = hostile.of([where === 'feed' ? FEED : BATCH]);
    told.forged.add(Buffer.from(body).toString());
    nats.publish(says[where as keyof typeof says], body);
  }
  await nats.flush();
  return isOver;
};

/** Somebody who does not read what comes. */
export const slowReader: ChaosFault = async ({ slow }) => {
  slow.hold();
  return () => slow.readOn();
};

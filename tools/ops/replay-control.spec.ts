import { ReplayControl } from './replay-control.ts';

/** Whether a turn has come, once everything that could bring it has had its turn. */
async function hasCome(turn: Promise<boolean>): Promise<boolean> {
  let come = false;
  void turn.then(() => (come = true));
  await new Promise(setImmediate);
  return come;
}

describe('the hand on a replay', () => {
  it('lets everything through until it pauses, and then one at a time', async () => {
    const control = new ReplayControl();
    expect(await control.turn(0)).toBe(true);
    expect(control.press('p')).toBe('paused');
    const stepped = control.turn(0);
    expect(await hasCome(stepped)).toBe(false);
    control.press('s');
    expect(await stepped).toBe(true);
    const waiting = control.turn(0);
    expect(await hasCome(waiting)).toBe(false);
    expect(control.press('p')).toBe('going on');
    expect(await waiting).toBe(true);
  });

  it('does not wait for a moment that a step brings forward', async () => {
    const control = new ReplayControl();
    const turn = control.turn(3_600_000);
    control.press('s');
    expect(await turn).toBe(true);
    expect(control.isPaused).toBe(true);
  });

  it('ends whatever waits', async () => {
    const control = new ReplayControl();
    const [turn, end] = [control.turn(3_600_000), control.press('q')];
    expect([await turn, end, await control.turn(0)]).toEqual([false, 'over', false]);
    await control.ended();
    expect(control.press('x')).toBe(null);
  });
});

import { accountState } from '@core/projections/account';
import { brakesOf, switchCommand, TRADING_SWITCHES } from './trading-switch.ts';

const by = { operator: 'grace', note: 'a drill' };

describe('the brakes', () => {
  it('are each a command of its own, with who and why, and a shadow with whose requests it is of', () => {
    const commands = TRADING_SWITCHES.map((chosen) => switchCommand(chosen, by, 'ws-session'));
    expect(commands.map(({ data }) => data)).toEqual(commands.map(() => expect.objectContaining(by)));
    expect(new Set(commands.map((each) => JSON.stringify(each))).size).toBe(TRADING_SWITCHES.length);
    expect(switchCommand('kill-and-close', by)).toMatchObject({ data: { clearing: 'orders-and-positions' } });
    expect(switchCommand('shadow', by, 'ws-session')).toMatchObject({ data: { edge: 'ws-session', shadow: true } });
    expect(switchCommand('shadow-off', by)).toMatchObject({ data: { edge: null, shadow: false } });
  });

  it('hold for an account where they are its own or everyone’s', () => {
    const decision = { ...by, since: '2026-01-05T10:00:00.000000Z' };
    const none = accountState.initial().trading;
    expect(brakesOf(none, none)).toEqual([]);
    const own = { ...none, shadow: { '*': decision, 'tv-gateway': decision } };
    const everyone = { ...none, halted: { ...decision, clearing: null } };
    expect(brakesOf(own, everyone).map(({ what }) => what)).toEqual([
      ...['halted for everyone', 'in shadow', 'in shadow by tv-gateway'],
    ]);
  });
});

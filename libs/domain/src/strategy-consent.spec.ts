import type { CommandOf } from '@core/contracts/command';
import { aCommand } from '@core/contracts/command-examples.fixture';
import type { EventBody } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import type { Registration } from '@core/contracts/integration-consent';
import { isStrategyOn } from '@core/contracts/strategy-consent';
import { strategyKey } from '@core/contracts/strategy-key';
import fc from 'fast-check';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import { aContext } from './examples.fixture.ts';
import { atSecond, executed, opens, origin, receive, received, signal, strategy } from './signal-examples.fixture.ts';

type Said = Pick<CommandOf<'RecordStrategy'>['data'], 'registration' | 'registrations' | 'sentAt'>;
const [old, renewed] = ['00000000000000aa', '00000000000000bb'];
const both = [old, renewed];
const { integrationId } = strategy;

const said = (registration: Registration | undefined, second: number, registrations: Registration[] = both): Said => ({
  ...{ registrations, sentAt: atSecond(second) },
  ...(registration !== undefined && { registration }),
});
const word = (enabled: boolean, ...of: Parameters<typeof said>) =>
  aCommand('RecordStrategy', { ...strategy, enabled, ...said(...of) });
const consent = (what: 'approved' | 'deleted', ...of: Parameters<typeof said>) =>
  aCommand('RecordIntegration', { integrationId, what, ...said(...of) });

/** What the ledger makes of what it hears, in this order. */
class Heard {
  readonly state = accountAggregate.initial();
  private position = 0;

  constructor(...words: readonly (Parameters<Heard['say']>[0] | ReturnType<typeof anEvent>)[]) {
    this.take([anEvent('AccountRegistered')]);
    for (const each of words)
      if ('commandid' in each) this.say(each);
      else this.take([each]);
  }

  say(command: ReturnType<typeof word> | ReturnType<typeof consent> | ReturnType<typeof receive>): EventBody[] {
    const { events } = decideCommand(this.state, command, aContext());
    this.take(events.map(({ type, data }) => anEvent(type, data)));
    return events.map(({ type, data }) => ({ type, data }) as EventBody);
  }

  get isOn(): boolean | null {
    const { consents, strategies } = this.state;
    return isStrategyOn(strategies.byKey[strategyKey(strategy)]?.words ?? {}, consents, integrationId);
  }

  private take(events: Parameters<typeof recorded>[0]): void {
    for (const event of recorded(events, { position: this.position, version: this.position }))
      accountAggregate.evolve(this.state, event);
    this.position += events.length;
  }
}

describe('a strategy under several registrations', () => {
  it('is on while the last word under one of them says so, in whatever order words come', () => {
    const words = fc
      .uniqueArray(fc.nat({ max: 50 }), { minLength: 1, maxLength: 8 })
      .chain((seconds) =>
        fc.tuple(
          ...seconds.map((second) =>
            fc.record({ second: fc.constant(second), enabled: fc.boolean(), of: fc.constantFrom(...both) }),
          ),
        ),
      );
    const orders = words.chain((spoken) =>
      fc.tuple(fc.constant(spoken), fc.shuffledSubarray([...spoken], { minLength: spoken.length })),
    );
    fc.assert(
      fc.property(orders, ([spoken, heard]) => {
        const inTime = spoken.toSorted((one, other) => one.second - other.second);
        const last = both.flatMap((of) => inTime.findLast((each) => each.of === of) ?? []);
        const { isOn } = new Heard(...heard.map(({ enabled, of, second }) => word(enabled, of, second)));
        expect(isOn).toBe(last.some(({ enabled }) => enabled));
      }),
    );
  });

  it('is heard of once under each', () => {
    const heard = new Heard(word(true, old, 1));
    expect(heard.say(word(true, old, 1))).toEqual([]);
    expect(heard.say(word(true, renewed, 1))).toHaveLength(1);
  });

  it('switched off under one goes on with what the other sent before that', () => {
    const off = word(false, old, 55);
    const [late, p2] = [{ sentAt: atSecond(50) }, 'position-2'];
    expect(new Heard(word(true, old, 1), word(true, renewed, 2), off).say(receive(late))).toEqual([
      received(late),
      opens(late),
    ]);
    expect(new Heard(word(true, old, 1), off).say(receive(late))).toEqual([received(late), executed(late)]);
    const last = word(false, renewed, 56);
    const other = { ...late, externalPositionId: p2 };
    expect(new Heard(word(true, old, 1), word(true, renewed, 2), off, last).say(receive(other))).toEqual([
      received(other),
      executed(other),
    ]);
  });

  it('keeps what is half done until it is off under the last', () => {
    const halfDone = [
      anEvent('SignalReceived', { signal: signal({ kind: 'reopen' }) }),
      anEvent('CloseRequested', { signal: origin(signal()) }),
      anEvent('SignalHalfDone', { signalId: signal().signalId, ...strategy }),
    ];
    const heard = new Heard(word(true, old, 1), word(true, renewed, 2), ...halfDone);
    expect(heard.say(word(false, old, 54)).map(({ type }) => type)).toEqual(['StrategyDisabled']);
    expect(heard.say(word(false, renewed, 40)).map(({ type }) => type)).toEqual(['StrategyDisabled']);
    expect(heard.say(word(true, renewed, 53)).map(({ type }) => type)).toEqual(['StrategyEnabled']);
    expect(heard.say(word(false, renewed, 55)).map(({ type }) => type)).toEqual(['SignalRefused', 'StrategyDisabled']);
  });

  it('is off where the one it was on under was taken back, or its token is good no more', () => {
    const approved = [consent('approved', old, 1), consent('approved', renewed, 2)];
    const on = [...approved, word(true, old, 3), word(false, renewed, 4)];
    expect(new Heard(...on).isOn).toBe(true);
    expect(new Heard(...on, consent('deleted', old, 5)).isOn).toBe(false);
    expect(new Heard(...on, consent('deleted', renewed, 5)).isOn).toBe(true);
    expect(new Heard(...on, consent('approved', renewed, 5, [renewed])).isOn).toBe(false);
    expect(new Heard(...on, word(false, renewed, 5, [renewed])).isOn).toBe(false);
  });

  it('has what was said before they were told apart for each without a word of its own', () => {
    const before = anEvent('StrategyEnabled', { ...strategy, sentAt: atSecond(1) });
    expect(new Heard(before).isOn).toBe(true);
    expect(new Heard(before, word(false, old, 2)).isOn).toBe(true);
    expect(new Heard(before, word(false, old, 2), word(false, renewed, 3)).isOn).toBe(false);
    expect(new Heard(before, word(false, old, 2, [old])).isOn).toBe(false);
    expect(new Heard().isOn).toBeNull();
  });
});

import { aCommand } from '@core/contracts/command-examples.fixture';
import type { CommandOf } from '@core/contracts/command';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { withdrawnAt, type Registration } from '@core/contracts/integration-consent';
import fc from 'fast-check';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import { aContext } from './examples.fixture.ts';
import { atSecond, strategy } from './signal-examples.fixture.ts';

type Word = Pick<CommandOf<'RecordIntegration'>['data'], 'what' | 'sentAt' | 'registration' | 'registrations'>;

const [old, renewed, pending] = ['00000000000000aa', '00000000000000bb', '00000000000000cc'];
const all = [old, renewed, pending];

/** When the integration was withdrawn, by the words that the ledger heard in this order; null where it stands. */
function withdrawn(words: readonly Word[]): string | null {
  const state = accountAggregate.initial();
  let position = 0;
  const hear = (events: Parameters<typeof recorded>[0]): void => {
    for (const event of recorded(events, { position, version: position })) accountAggregate.evolve(state, event);
    position += events.length;
  };
  hear([anEvent('AccountRegistered')]);
  for (const word of words) {
    const command = aCommand('RecordIntegration', { integrationId: strategy.integrationId, ...word });
    hear(decideCommand(state, command, aContext()).events.map(({ type, data }) => anEvent(type, data)));
  }
  return withdrawnAt(state.consents, strategy.integrationId);
}

const said = (
  what: Word['what'],
  registration: Registration | undefined,
  second: number,
  registrations = all,
): Word => ({
  ...{ what, registrations, sentAt: atSecond(second) },
  ...(registration !== undefined && { registration }),
});

/** Words about three registrations, no two of the same moment. */
const words = fc
  .uniqueArray(fc.nat({ max: 50 }), { minLength: 1, maxLength: 9 })
  .chain((seconds) =>
    fc.tuple(
      ...seconds.map((second) =>
        fc
          .record({ what: fc.constantFrom('approved', 'rejected', 'deleted'), of: fc.constantFrom(...all) })
          .map(({ what, of }) => said(what, of, second)),
      ),
    ),
  );

describe('an integration of several registrations', () => {
  it('stands while the last word about one of them is approval, in whatever order words come', () => {
    const orders = words.chain((spoken) => fc.tuple(fc.constant(spoken), shuffled(spoken)));
    fc.assert(
      fc.property(orders, ([spoken, heard]) => {
        const inTime = spoken.toSorted((one, other) => ((one.sentAt ?? '') < (other.sentAt ?? '') ? -1 : 1));
        const last = all.flatMap((of) => inTime.findLast(({ registration }) => registration === of) ?? []);
        const stands = last.some(({ what }) => what === 'approved');
        expect(withdrawn(heard)).toBe(
          stands
            ? null
            : last
                .map(({ sentAt = '' }) => sentAt)
                .toSorted()
                .at(-1),
        );
      }),
    );
  });

  it('loses nothing when the user deletes the old one or turns the new one down', () => {
    const approved = said('approved', old, 1);
    for (const what of ['rejected', 'deleted'] as const) {
      expect(withdrawn([approved, said('approved', renewed, 2), said(what, old, 3)])).toBeNull();
      expect(withdrawn([approved, said(what, renewed, 2)])).toBeNull();
    }
    expect(withdrawn([approved, said('deleted', old, 2)])).toBe(atSecond(2));
    expect(withdrawn([approved, said('deleted', old, 3), said('approved', renewed, 2)])).toBeNull();
  });

  it('does not stand by a registration whose token is good no more', () => {
    const both = [said('approved', old, 1), said('approved', renewed, 2)];
    expect(withdrawn([...both, said('deleted', renewed, 3, [renewed])])).toBe(atSecond(3));
  });

  it('that was approved before registrations were told apart has that for each without a word of its own', () => {
    const before = said('approved', undefined, 1);
    expect(withdrawn([before, said('rejected', renewed, 2, [old, renewed])])).toBeNull();
    expect(withdrawn([before, said('deleted', old, 2, [old])])).toBe(atSecond(2));
  });
});

function shuffled<Each>(each: readonly Each[]): fc.Arbitrary<Each[]> {
  return fc.shuffledSubarray([...each], { minLength: each.length, maxLength: each.length });
}

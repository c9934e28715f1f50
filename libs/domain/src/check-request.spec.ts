import { aCommand } from '@core/contracts/command-examples.fixture';
import type { CommandOf } from '@core/contracts/command';
import { anEvent, exampleId, recorded } from '@core/contracts/examples.fixture';
import { fromNumber } from '@core/kernel/decimal';
import { fold } from '@core/kernel/projection';
import fc from 'fast-check';
import { accountRules } from './examples.fixture.ts';

const rules = accountRules();
const positionId = exampleId(0x905);
const history = [
  anEvent('AccountRegistered'),
  anEvent('PositionOpened', { positionId, side: 'buy' }),
  anEvent('OrderWorking'),
];
const state = fold(rules, recorded(history));
const halted = fold(rules, recorded([...history, anEvent('TradingHalted')]));

const price = fc.option(
  fc.integer({ min: 900, max: 1_200 }).map((points) => fromNumber(points / 1_000)),
  { nil: null },
);
const placing = fc
  .record({
    side: fc.constantFrom('buy', 'sell'),
    price,
    stopLoss: price,
    takeProfit: price,
    kind: fc.constantFrom('market', 'limit', 'stop'),
  })
  .map((terms) => aCommand('PlaceOrder', terms));
const amending = fc
  .record({ stopLoss: price, takeProfit: price })
  .map((levels) => aCommand('Amend', { terms: { target: 'position', positionId, ...levels } }));

it('a question whether something would be taken gets the answer of the thing itself, and records nothing', () => {
  fc.assert(
    fc.property(fc.oneof(placing, amending), fc.boolean(), (command: CommandOf<'PlaceOrder' | 'Amend'>, isHalted) => {
      const account = isHalted ? halted : state;
      const { type, data } = command;
      const wish = { type, data } as CommandOf<'CheckRequest'>['data']['wish'];
      const asked = rules.decide(account, aCommand('CheckRequest', { wish }));
      expect(asked).toEqual({ events: [], refusal: rules.decide(account, command).refusal });
    }),
  );
});

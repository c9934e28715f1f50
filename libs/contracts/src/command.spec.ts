import { aCommand, exampleCommandTypes } from './command-examples.fixture.ts';
import { commandTypes, parseCommand } from './command.ts';
import { anInstrument } from './market/example.fixture.ts';
import { InstrumentSpec } from './market/instrument.ts';

describe('commands', () => {
  it('have an example each, and no example without a type', () => {
    expect(exampleCommandTypes.toSorted()).toEqual(commandTypes.map((each) => each.shape.type.value).toSorted());
  });

  it.each(exampleCommandTypes)('%s reads back what it wrote', (type) => {
    const command = aCommand(type);
    expect(parseCommand(type, JSON.parse(JSON.stringify(command)))).toEqual({ ok: true, value: command });
  });

  it.each(exampleCommandTypes)('%s refuses a field nobody documented', (type) => {
    const command = aCommand(type);
    expect(parseCommand(type, { ...command, data: { ...command.data, surprise: 1 } }).ok).toBe(false);
    expect(parseCommand(type, { ...command, surprise: 1 }).ok).toBe(false);
  });
});

describe('the example instrument', () => {
  it('is one', () => {
    expect(InstrumentSpec.parse(anInstrument())).toEqual(anInstrument());
  });
});

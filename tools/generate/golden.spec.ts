import { anEvent } from '@core/contracts/examples.fixture';
import { eventTypes, versionOf, type EventType } from '@core/contracts/event';
import Ajv from 'ajv/dist/2020';
import { brokenGoldens, goldenName, goldens } from './golden.ts';

describe('golden schemas', () => {
  const ajv = new Ajv({ strict: false });
  const all = goldens();
  const golden = (type: EventType): object =>
    JSON.parse(all.find(({ path }) => path.endsWith(`/${goldenName(type)}`))?.text ?? 'null') as object;

  it.each(eventTypes.map(({ shape }) => shape.type.value))('of %s admits its example and nothing more', (type) => {
    const validate = ajv.compile(golden(type));
    const example = anEvent(type);
    expect(validate(example)).toBe(true);
    expect(validate({ ...example, extra: 1 })).toBe(false);
    expect(validate({ ...example, data: { ...example.data, extra: 1 } })).toBe(false);
    expect(validate({ ...example, schemaversion: versionOf(type) + 1 })).toBe(false);
  });

  it.each([['-0.1'], ['0'], ['1.10'], ['1e3'], ['.5'], [1]])('refuse a price of %j', (price) => {
    const example = anEvent('OrderFilled');
    expect(ajv.validate(golden('OrderFilled'), { ...example, data: { ...example.data, price } })).toBe(false);
  });

  it('are kept', () => {
    expect(brokenGoldens()).toEqual([]);
  });

  it('are not overwritten when a stored shape changes', () => {
    const [first] = all;
    const changed = { path: first?.path ?? '', text: '{}\n' };
    expect(brokenGoldens([changed])).toEqual([expect.stringContaining('give it a new schema version')]);
  });
});

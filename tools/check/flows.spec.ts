import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strayNamesOf } from './flows.ts';

describe('the names in a flow', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'flows-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const stray = (text: string): readonly string[] => {
    writeFileSync(join(folder, 'order-service.ts'), 'export class OrderService {\n  place(): void {}\n}\n');
    writeFileSync(join(folder, 'ledger.ts'), '/** No OrderRouter. */\nexport class Ledger {}\n');
    writeFileSync(join(folder, 'flow.md'), text);
    return strayNamesOf(join(folder, 'flow.md')).map((problem) => problem.split(' ').at(-1) ?? '');
  };

  it.each([
    '1. `OrderService.place` of [it](order-service.ts)\n   calls `place()`.',
    '1. See [it](order-service.ts).\n\n`OrderService`, named later.',
    '1. What is typed: `POST /orders`, `{"s":"ok"}`, `npm test`; see [it](order-service.ts).',
  ])('may be those of files it links: %s', (text) => {
    expect(stray(text)).toEqual([]);
  });

  it.each([
    ['1. `OrderService.cancel` of [it](order-service.ts)', 'OrderService.cancel'],
    ['1. `OrderServ` of [it](order-service.ts)', 'OrderServ'],
    ['1. `OrderService` of [it](order-service.ts)\n2. `OrderService` of [it](ledger.ts)', 'OrderService'],
    ['1. `OrderRouter` of [it](ledger.ts)', 'OrderRouter'],
    ['Nothing is linked, but `Ledger`.', 'Ledger'],
  ])('are missed where they are not: %s', (text, name) => {
    expect(stray(text)).toEqual([name]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runScript, ScriptFailed } from './run-script.ts';
import { Script } from './script.ts';

const EXAMPLES = join(__dirname, '../../examples');

function run(script: unknown): string[] {
  const lines: string[] = [];
  runScript(Script.parse(script), (line) => lines.push(line));
  return lines;
}

const account = { userId: '1', password: 'p', balance: 10_000 };
const login = { login: { client: 'ada', userId: '1', password: 'p' } };

describe('runScript', () => {
  it.each(readdirSync(EXAMPLES))('runs the example %s, and prints the same again', (file) => {
    const script: unknown = parse(readFileSync(join(EXAMPLES, file), 'utf8'));
    const lines = run(script);
    expect(lines.length).toBeGreaterThan(0);
    expect(run(script)).toEqual(lines);
  });

  it('repeats a whole market to the letter, and another seed tells another story', () => {
    const script = (seed: string) => ({
      seed,
      accounts: [account],
      knobs: { market: { ticksPerSecond: 10 }, reorderWindowMs: 40, slippagePoints: 5 },
      show: ['tickPrices', 'trade', 'profit', 'balance', 'news', 'keepAlive'],
      steps: [
        login,
        { subscribe: { client: 'ada', command: 'getTrades' } },
        { subscribe: { client: 'ada', command: 'getTickPrices', symbol: 'GOLD', minArrivalTime: 1 } },
        { act: { openPosition: { userId: '1', symbol: 'GOLD', side: 'buy', volume: 0.1 } } },
        { wait: '30s' },
      ],
    });
    expect(run(script('one'))).toEqual(run(script('one')));
    expect(run(script('one'))).not.toEqual(run(script('two')));
  });

  it('names the step that did not do what it should', () => {
    const failing = (step: object) => () => run({ accounts: [account], steps: [login, step] });
    expect(
      failing({ ask: { client: 'ada', command: 'getVersion', expect: { returnData: { version: '1' } } } }),
    ).toThrow(ScriptFailed);
    expect(failing({ expect: { client: 'ada', frame: 'trade' } })).toThrow('step 2: no trade frame');
    expect(failing({ ask: { client: 'bob', command: 'ping' } })).toThrow('step 2: no client bob');
    expect(failing({ act: { hit: { position: 1, what: 'sl' } } })).toThrow('step 2: no open position 1');
    expect(failing({ act: { setPrice: { symbol: 'GOLD', bid: 'dear' } } })).toThrow('step 2');
  });

  it('refuses steps that are none', () => {
    expect(Script.safeParse({ accounts: [account], steps: [{ sleep: 5 }] }).success).toBe(false);
    expect(Script.safeParse({ accounts: [account], steps: [{ wait: '5 days' }] }).success).toBe(false);
    expect(Script.safeParse({ accounts: [account], steps: [], knobs: { nothing: 1 } }).success).toBe(false);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runScript, ScriptFailed } from './run-script.ts';
import { runScriptFile } from './run-script-file.ts';
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

  it('of a file says how it went by its exit code: it ran, it failed, it is no script', () => {
    const folder = mkdtempSync(join(tmpdir(), 'script-'));
    const outcome = (text: string | null): [number, string] => {
      const complaints: string[] = [];
      const file = join(folder, 'script.yaml');
      if (text !== null) writeFileSync(file, text);
      return [
        runScriptFile(
          file,
          () => undefined,
          (line) => complaints.push(line),
        ),
        complaints.join(),
      ];
    };
    const script =
      'accounts: [{ userId: "1", password: p }]\nsteps: [{ login: { client: ada, userId: "1", password: p } }';
    expect(outcome(null)).toEqual([2, expect.stringContaining('no such file')]);
    expect(outcome(`${script}]`)).toEqual([0, '']);
    expect(outcome(`${script}, { expect: { client: ada, frame: trade } }]`)).toEqual([
      1,
      expect.stringContaining('step 2'),
    ]);
    expect(outcome('steps: []')).toEqual([2, expect.stringContaining('accounts')]);
    expect(outcome('steps: [')).toEqual([2, expect.stringContaining('line 1')]);
    rmSync(folder, { recursive: true });
  });

  it('counts hours, not days', () => {
    const lines = run({
      ...{ accounts: [account], knobs: { market: { ticksPerSecond: 0 }, sessionIdleMs: 86_400_000 } },
      steps: [login, { wait: '23h' }, { ask: { client: 'ada', command: 'ping' } }, { wait: '23h' }].concat([
        { ask: { client: 'ada', command: 'ping' } },
      ]),
    });
    expect(lines.map((line) => line.slice(0, 2))).toEqual(['00', '23', '46']);
  });

  it('refuses steps that are none', () => {
    expect(Script.safeParse({ accounts: [account], steps: [{ sleep: 5 }] }).success).toBe(false);
    expect(Script.safeParse({ accounts: [account], steps: [{ wait: '5 days' }] }).success).toBe(false);
    expect(Script.safeParse({ accounts: [account], steps: [], knobs: { nothing: 1 } }).success).toBe(false);
  });
});

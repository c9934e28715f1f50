import { closingLine, countOf, skippedLine } from './jest.ts';

const result = (counts: object, statuses: readonly string[] = []): string =>
  JSON.stringify({
    success: true,
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numRuntimeErrorTestSuites: 0,
    ...counts,
    testResults: statuses.map((status, index) => ({ status, message: `message ${index}` })),
  });

describe('countOf', () => {
  it('counts tests', () => {
    expect(countOf(result({ numPassedTests: 3 }, ['passed']))).toEqual({
      passed: 3,
      failed: 0,
      skipped: 0,
      problems: [],
    });
  });

  it('counts a file that does not load as a failure and tells its message', () => {
    const run = countOf(
      result({ success: false, numFailedTests: 1, numRuntimeErrorTestSuites: 1 }, ['passed', 'failed']),
    );
    expect(run).toEqual({ passed: 0, failed: 2, skipped: 0, problems: ['message 1'] });
  });

  it('does not call a failed run without failed tests a success', () => {
    expect(countOf(result({ success: false, numPassedTests: 3 })).failed).toBe(1);
  });
});

it('says what a machine that lacks something leaves out, and how to get it', () => {
  const lacks = ['no browser here: install one', 'no Prometheus here: install it'];
  expect(skippedLine([{ skipped: 2 }, { skipped: 3 }], lacks)).toBe(
    '5 skipped, for there is no browser here: install one, for there is no Prometheus here: install it',
  );
  expect(skippedLine([{ skipped: 5 }], [])).toBe('5 skipped');
  expect(skippedLine([{ skipped: 0 }], lacks)).toBeNull();
});

it('closes with the sum of all runs', () => {
  expect(
    closingLine([
      { passed: 2, failed: 0 },
      { passed: 40, failed: 1 },
    ]),
  ).toBe('42 passed, 1 failed');
});

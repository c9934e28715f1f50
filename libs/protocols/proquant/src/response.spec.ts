import { RejectionReason } from '@core/contracts/events/request';
import { SignalRefusal } from '@core/contracts/events/signal';
import { exampleId } from '@core/contracts/examples.fixture';
import { refusal, RefusalReason } from '@core/contracts/refusal';
import {
  invalidCredentials,
  problemOfRefusal,
  problemOfSignal,
  refusalOfRejection,
  unnamed,
  type Problem,
} from './problem.ts';
import { encodeProblem, handled } from './response.ts';

const requestId = exampleId(7);

describe('the answer', () => {
  it('is 200 without one byte when there is nothing to complain of', () => {
    expect(handled).toEqual({ status: 200, headers: { 'content-length': '0' }, body: '' });
  });

  it.each<[number, string, Problem]>([
    [422, 'InsufficientFunds', problemOfSignal('insufficient-funds')],
    [422, 'QuantityTooLow', problemOfSignal('volume-below-minimum')],
    [422, 'QuantityTooHigh', problemOfSignal('volume-above-maximum')],
    [422, 'InvalidQuantityPrecision', problemOfSignal('volume-not-multiple-of-step')],
    [422, 'UnsupportedInstrument', problemOfSignal('unknown-ticker')],
    [409, 'PositionAlreadyExists', problemOfSignal('position-already-exists')],
    [409, 'MarketClosed', problemOfSignal('market-closed')],
    [409, 'PositionNotFound', problemOfSignal('position-not-found')],
    [401, 'InvalidCredentials', problemOfSignal('integration-withdrawn')],
    [401, 'InvalidCredentials', invalidCredentials],
  ])('is %i with exact headers and body for %s', (status, type, problem) => {
    const body = `{"type":"${type}","requestId":"${requestId}"}`;
    expect(encodeProblem(problem, requestId)).toEqual({
      status,
      headers: {
        'content-type': 'application/json',
        'content-length': String(body.length),
        'x-proquant-error': '1',
      },
      body,
    });
  });

  it.each([400, 413, 429, 500, 503, 504])('is a plain %i where the sender knows no name', (status) => {
    const { headers, body } = encodeProblem(unnamed(status), requestId);
    expect(headers).not.toHaveProperty('x-proquant-error');
    expect(JSON.parse(body)).toEqual({ requestId });
  });

  it('names no error for what is too old or was not executed: they are not the user’s doing', () => {
    expect(problemOfSignal('too-old')).toEqual({ status: 422, type: null });
    expect(problemOfSignal('not-executed')).toEqual({ status: 502, type: null });
  });

  it('has an error status for every refusal and every rejection', () => {
    for (const reason of SignalRefusal.options) expect(problemOfSignal(reason).status).toBeGreaterThanOrEqual(400);
    for (const reason of RefusalReason.options)
      expect(problemOfRefusal(refusal(reason)).status).toBeGreaterThanOrEqual(400);
    for (const reason of RejectionReason.options) expect(SignalRefusal.options).toContain(refusalOfRejection(reason));
  });

  it('says the same whether the ledger refuses a command or records a refused signal', () => {
    for (const reason of SignalRefusal.options) {
      const same = RefusalReason.safeParse(reason);
      if (same.success) expect(problemOfRefusal(refusal(same.data))).toEqual(problemOfSignal(reason));
    }
  });

  it.each([
    ['insufficient-funds', 'InsufficientFunds'],
    ['market-closed', 'MarketClosed'],
    ['off-quotes', 'MarketClosed'],
    ['volume-too-low', 'QuantityTooLow'],
    ['volume-too-high', 'QuantityTooHigh'],
    ['volume-not-multiple-of-step', 'InvalidQuantityPrecision'],
    ['unknown-instrument', 'UnsupportedInstrument'],
    ['trading-disabled', 'InvalidCredentials'],
    ['instrument-disabled', 'MarketClosed'],
    ['instrument-not-allowed', 'UnsupportedInstrument'],
    ['short-selling-not-allowed', 'UnsupportedInstrument'],
    ['hedging-not-allowed', null],
    ['broker-error', null],
  ] as const)('turns the broker’s %s into %s', (reason, type) => {
    expect(problemOfSignal(refusalOfRejection(reason)).type).toBe(type);
  });
});

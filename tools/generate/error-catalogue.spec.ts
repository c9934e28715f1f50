import { NotSentCause, RejectionReason } from '@core/contracts/events/request';
import { SignalRefusal } from '@core/contracts/events/signal';
import { RefusalReason } from '@core/contracts/refusal';
import { problemOfRefusal, problemOfSignal } from '@core/proquant/problem';
import en from '@core/tradingview/texts/en.json';
import { closeCodes } from '@core/ws-session/close-code';
import { sessionErrorCodes, tradeErrorCodes } from '@core/ws-session/error-code';
import type { HttpOperation } from '@core/service/http-api';
import { z } from 'zod';
import { oauthMeanings } from './oauth-meanings.ts';
import { httpApiOf } from './openapi.ts';
import { errorCatalogue, TEXT_FAMILIES, UNNAMED_STATUSES } from './error-catalogue.ts';

const { text } = errorCatalogue();

describe('the catalogue of errors', () => {
  it.each([...RefusalReason.options, ...RejectionReason.options, ...NotSentCause.options])(
    'has the reason %s',
    (reason) => {
      expect(text).toContain(`| \`${reason}\` |`);
    },
  );

  it.each([...sessionErrorCodes, ...tradeErrorCodes, ...Object.keys(closeCodes)])(
    'has the code %s of the WebSocket',
    (code) => {
      expect(text).toContain(`| \`${code}\` |`);
    },
  );

  /** What is said of what happened is no failure of a request, and neither are the names of things. */
  const SAID_OTHERWISE =
    /^(field|table|column|connection|duration|closed|dialog|note|unsent|warning|rejection|refusal)\./;
  it.each(Object.entries(en).filter(([key]) => !SAID_OTHERWISE.test(key)))('has TradingView’s %s', (key, said) => {
    expect(TEXT_FAMILIES).toHaveProperty(key.split('.')[0] ?? '');
    if (!/^preview\.(?!expired|ofAnother)/.test(key)) expect(text).toContain(`| ${said.replaceAll('|', '\\|')} |`);
  });

  it('has every code of OAuth 2.0, and no other', () => {
    const { OauthFailure } = httpApiOf('tv-gateway').names;
    const { properties = {} } = z.toJSONSchema(OauthFailure ?? z.never());
    expect(Object.keys(oauthMeanings)).toEqual((properties['error'] as { readonly enum: readonly string[] }).enum);
  });

  it.each(['console', 'xapi-simulator'])('has every status of a failure of %s', (app) => {
    const answers = Object.values<HttpOperation>(httpApiOf(app).operations).map((operation) => operation.answers);
    for (const status of new Set(answers.flatMap(Object.keys)).values())
      if (Number(status) >= 400) expect(text).toContain(`| ${status} | `);
  });

  it('says what every answer to ProQuant means', () => {
    const problems = [
      ...SignalRefusal.options.map(problemOfSignal),
      ...RefusalReason.options.map((reason) => problemOfRefusal({ reason, text: null })),
    ];
    for (const { status, type } of problems) {
      if (type === null) expect(UNNAMED_STATUSES).toHaveProperty(String(status));
      else expect(text).toContain(`${status} \`${type}\``);
    }
  });
});

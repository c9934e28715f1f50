import { DeliveryBody } from '@core/proquant/event';
import { ProblemBody } from '@core/proquant/response';
import type { HttpAnswer, HttpApi } from '@core/service/http-api';

const problem = (meaning: string): HttpAnswer => ({ meaning, shape: ProblemBody });

export const webhookApi: HttpApi = {
  title: 'Trading core: ProQuant webhook',
  description: [
    'Takes the events of version 1 that ProQuant sends: of integrations, of strategies, and signals.',
    'An event may be delivered any number of times: it is carried out once, and the answer stays the same.',
    'A problem that the sender has a name for has it as `type`, and the header `x-proquant-error: 1`; `requestId` finds it in `npm run ops -- signals show`.',
    'Which refusal leads to which answer is in `docs/errors.md`.',
  ].join('\n\n'),
  server: 'http://localhost:8081',
  bodyType: 'application/json',
  access: {
    integration: {
      ...{ type: 'apiKey', in: 'header', name: 'x-proquant-token' },
      description: 'The token that `npm run ops -- integrations add` showed.',
    },
  },
  meanings: { hookId: 'The integration, as `npm run ops -- integrations` shows it, behind the name of its cell.' },
  names: { ProblemBody },
  operations: {
    'POST /proquant/v1/hooks/{hookId}': {
      summary: 'An event; it is kept before anything is done, and answered with what became of it.',
      group: 'Deliveries',
      access: 'integration',
      body: DeliveryBody,
      answers: {
        200: { meaning: 'Handled, or nothing that concerns us. No body.', type: 'none' },
        400: problem('The body is no event of version 1.'),
        401: problem('Token and integration do not fit, or the user has withdrawn the integration.'),
        404: problem('There is nothing at this address.'),
        409: problem('The position is there already, is not there, or the market is closed.'),
        413: problem('The body is too large.'),
        415: problem('The body is compressed by other than gzip, deflate or brotli.'),
        421: problem('The integration or its token is of another cell.'),
        422: problem('The signal cannot be traded as it is: its instrument, its quantity, its age, or the funds.'),
        429: problem('Too much at once.'),
        500: problem('We failed.'),
        502: problem('It came to nothing at the broker, or an operator does not let it be traded.'),
        503: problem('Something that is needed is away, or an earlier signal has no outcome yet.'),
        504: problem('No outcome in time. It is no rejection.'),
      },
    },
  },
};

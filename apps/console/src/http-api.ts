import { returned, type HttpAnswer, type HttpApi, type HttpOperation, type HttpShape } from '@core/service/http-api';
import { z } from 'zod';
import { MomentOfLog, OperatedAccountsController, StretchOfLog } from './accounts.controller.ts';
import { DecisionsController, Resolution, Settlement, TradingSwitchForm } from './commands.controller.ts';
import { FailureAnswer } from './failure.filter.ts';
import { ExportFormat, LogController } from './log.controller.ts';
import { LogPage, LogQuery } from '@core/operations/log-query';
import { CandleQuery, OfInstrument, OfVenue, VenueMarketController } from './market.controller.ts';
import { OverviewController } from './overview.controller.ts';
import { ProjectionsController, ReleaseForm, StepPlace } from './projections.controller.ts';
import { RegistryActForm, RegistryController, RegistryPlanForm } from './registry.controller.ts';
import { ReplayController, ReplayForm, ReplayPress } from './replay.controller.ts';
import { LoginForm, SessionController } from './session.controller.ts';
import { SimulatorStanding } from './simulator-shapes.ts';
import { CutForm, FaultForm, HoldForm, MoveForm, SimulatorController, TrafficPage } from './simulator.controller.ts';
import { NameText, ThingsController } from './things.controller.ts';
import { Looked, WorkbenchController } from './workbench.controller.ts';

const failure = (meaning: string): HttpAnswer => ({ meaning, shape: FailureAnswer });

const FAILURES: Readonly<Record<number, HttpAnswer>> = {
  400: failure('The question cannot be read, or there is nothing of that name.'),
  401: failure('Nobody is logged in, or the password is wrong.'),
  403: failure('The role does not suffice, or a page of another site asks.'),
  404: failure('There is nothing at this address, or nothing is recorded of it.'),
  421: failure('This server has another name.'),
  429: failure('Too many pages are open, or too many logins have failed.'),
  500: failure('It failed; the log of the console says why.'),
  503: failure('Postgres, NATS or a broker cannot be asked.'),
  504: failure('The ledger did not answer in time: whether it was done is not known.'),
};

const answering = (group: string, summary: string, answer: HttpAnswer, more: Partial<HttpOperation> = {}) => ({
  ...{ group, summary, access: 'session', answers: { 200: answer, ...FAILURES } },
  ...more,
});

const reads = (group: string, summary: string, shape: HttpShape, ...query: readonly HttpShape[]): HttpOperation =>
  answering(group, summary, { meaning: 'What there is.', shape }, { query });

const decides = (summary: string, body: HttpShape, answer: HttpShape): HttpOperation => ({
  ...answering('Decisions', summary, { meaning: 'It is recorded.', shape: answer }, { body }),
  answers: {
    200: { meaning: 'It is recorded.', shape: answer },
    ...FAILURES,
    422: failure('The ledger refused, and says why.'),
  },
});

const simulates = (summary: string, body?: HttpShape): HttpOperation => ({
  ...answering('Simulator', summary, { meaning: 'Done.' }, body ? { body } : {}),
  answers: {
    204: { meaning: 'Done.', type: 'none' },
    ...FAILURES,
    409: failure('It is there, and this cannot be done to it now.'),
  },
});

const plays = (summary: string, body: HttpShape): HttpOperation => ({
  ...answering('Replay', summary, { meaning: 'Done.' }, { body }),
  answers: {
    204: { meaning: 'Done.', type: 'none' },
    ...FAILURES,
    409: failure('A replay runs, or none does.'),
  },
});

const NameQuery = z.object({ text: NameText });
const ExportQuery = z.object({ format: ExportFormat });

/** What the pages read and decide, for whoever reads and decides by other means. */
export const consoleApi: HttpApi = {
  title: 'Trading core: console',
  description: [
    'What the console’s pages show: the whole system, accounts now and at any position of the log, and the log itself.',
    'Decisions are the commands of `npm run ops`, recorded with the name of whoever is logged in.',
    'Numbers are exact decimal text, instants RFC 3339 in UTC; null is what is not known.',
  ].join('\n\n'),
  server: 'http://localhost:8083',
  bodyType: 'application/json',
  access: {
    session: {
      ...{ type: 'apiKey', in: 'cookie', name: 'console_session' },
      description: 'A login, or a link of `npm run ops -- console`, leaves this cookie.',
    },
  },
  names: { FailureAnswer },
  operations: {
    'GET /enter/{token}': {
      ...{ group: 'Session', summary: 'The address of a link: it lets in once.', access: null },
      answers: { 303: { meaning: 'On to the pages, or to the one that says why not.' } },
    },
    'GET /api/session': {
      ...{ group: 'Session', summary: 'Who is logged in.', access: null },
      answers: {
        200: { meaning: 'Somebody is.', shape: returned(SessionController, 'who') },
        204: { meaning: 'Nobody is.', type: 'none' },
        ...FAILURES,
      },
    },
    'POST /api/session': {
      ...answering(
        'Session',
        'Lets an operator in by name and password; `npm run ops -- operators add` makes one.',
        { meaning: 'The cookie is set.', shape: returned(SessionController, 'login') },
        { body: LoginForm },
      ),
      access: null,
    },
    'DELETE /api/session': {
      ...answering('Session', 'Logs out.', { meaning: 'Done.' }),
      answers: { 204: { meaning: 'Done.', type: 'none' }, ...FAILURES },
    },
    'GET /api/overview': reads('System', 'Everything in one answer.', returned(OverviewController, 'read')),
    'GET /api/workbench': reads('System', 'What waits for an operator’s hand.', returned(WorkbenchController, 'read')),
    'GET /api/live': answering('System', 'The log as it is recorded.', {
      meaning: 'Server-sent events: `head` is where the log ends, `lines` what is new, null where it is too much.',
      type: 'text/event-stream',
    }),
    'GET /api/accounts': reads(
      'Accounts',
      'Every account, and its session.',
      returned(OperatedAccountsController, 'list'),
    ),
    'GET /api/accounts/{account}': reads(
      'Accounts',
      'An account, now or as it was at a position of the log.',
      returned(OperatedAccountsController, 'one'),
      MomentOfLog,
    ),
    'GET /api/accounts/{account}/history': reads(
      'Accounts',
      'What it was worth, and what happened.',
      returned(OperatedAccountsController, 'history'),
    ),
    'GET /api/accounts/{account}/changes': reads(
      'Accounts',
      'What became of it between two positions of the log.',
      returned(OperatedAccountsController, 'changes'),
      StretchOfLog,
    ),
    'GET /api/log': reads(
      'Log',
      'A page of the log, the newest first.',
      returned(LogController, 'page'),
      LogQuery,
      LogPage,
    ),
    'GET /api/log/types': reads(
      'Log',
      'How many events there are of each type.',
      returned(LogController, 'types'),
      LogQuery,
    ),
    'GET /api/log/export': answering(
      'Log',
      'Exactly what a filter lets through, in the order of the log.',
      { meaning: 'A line for each event; as CSV with a head.', type: 'application/x-ndjson' },
      { query: [ExportQuery, LogQuery] },
    ),
    'GET /api/log/{position}': reads('Log', 'One event whole.', returned(LogController, 'event')),
    'GET /api/find': reads(
      'Things',
      'What a name, an id or the beginning of one means.',
      returned(ThingsController, 'find'),
      NameQuery,
    ),
    'GET /api/things/{id}': reads(
      'Things',
      'Something with all that led to it and came of it.',
      returned(ThingsController, 'thing'),
    ),
    'GET /api/market/venues': reads('Market', 'Brokers’ servers.', returned(VenueMarketController, 'venues')),
    'GET /api/market/snapshot': reads(
      'Market',
      'Instruments of a venue and their last quotes.',
      returned(VenueMarketController, 'snapshot'),
      OfVenue,
    ),
    'GET /api/market/instrument': reads(
      'Market',
      'When an instrument trades, and which bars are settled.',
      returned(VenueMarketController, 'instrument'),
      OfInstrument,
    ),
    'GET /api/market/candles': reads(
      'Market',
      'Candles of an instrument.',
      returned(VenueMarketController, 'candles'),
      CandleQuery,
    ),
    'GET /api/projections': reads(
      'Projections',
      'What edges fold and serve, how far each build is, and what was decided of them.',
      returned(ProjectionsController, 'list'),
    ),
    'GET /api/projections/step': reads(
      'Projections',
      'What one event of an account did to a fold.',
      returned(ProjectionsController, 'step'),
      StepPlace,
    ),
    'GET /api/projections/{owner}/{name}/difference': reads(
      'Projections',
      'What is served beside what was filled, or was served before: which fields differ, and since which event.',
      returned(ProjectionsController, 'difference'),
    ),
    'POST /api/projections': decides(
      'Has a build filled, served, taken back or let go. Needs the role `admin`.',
      ReleaseForm,
      returned(ProjectionsController, 'decide'),
    ),
    'GET /api/registry': reads(
      'Registry',
      'Traders, accounts, keys, integrations and operators, and no secret of them.',
      returned(RegistryController, 'read'),
    ),
    'POST /api/registry/plan': answering(
      'Registry',
      'Whom an act would concern and what it takes; changes nothing. Needs the role `admin`.',
      { meaning: 'What it would mean.', shape: returned(RegistryController, 'plan') },
      { body: RegistryPlanForm },
    ),
    'POST /api/registry': decides(
      'Changes who may do what; secrets that it makes are answered this once. Needs the role `admin`.',
      RegistryActForm,
      returned(RegistryController, 'act'),
    ),
    'GET /api/replay': reads(
      'Replay',
      'The replay that runs, or the last that ran, and the sandboxes that there are.',
      returned(ReplayController, 'read'),
    ),
    'GET /api/replay/difference': reads(
      'Replay',
      'What is otherwise in the log now than where the replay stands.',
      returned(ReplayController, 'difference'),
    ),
    'POST /api/replay': plays('Plays a piece of the log in a sandbox. Needs the role `operate`.', ReplayForm),
    'POST /api/replay/press': plays('Pauses a replay, steps, ends it. Needs the role `operate`.', ReplayPress),
    'GET /api/simulator/standing': reads(
      'Simulator',
      'The simulated broker: prices, faults, connections, trades that reached it.',
      SimulatorStanding,
    ),
    'GET /api/simulator/traffic': reads(
      'Simulator',
      'What passes on its connections, kept while somebody asks.',
      returned(SimulatorController, 'traffic'),
      TrafficPage,
    ),
    'POST /api/simulator/prices/{symbol}/move': simulates('Moves a price. Needs the role `operate`.', MoveForm),
    'POST /api/simulator/prices/{symbol}/hold': simulates('Holds a price, or not. Needs the role `operate`.', HoldForm),
    'POST /api/simulator/faults': simulates('Makes something go wrong. Needs the role `operate`.', FaultForm),
    'DELETE /api/simulator/faults': simulates('Lifts every fault. Needs the role `operate`.'),
    'DELETE /api/simulator/faults/{id}': simulates('Lifts a fault. Needs the role `operate`.'),
    'POST /api/simulator/disconnect': simulates('Cuts connections of a user. Needs the role `operate`.', CutForm),
    'POST /api/commands/resolve': decides(
      'Says what became of a request whose outcome is not known. Needs the role `operate`.',
      Resolution,
      returned(DecisionsController, 'resolve'),
    ),
    'POST /api/commands/trading': decides(
      'Sets or takes back a brake of an account or of everyone: a halt, the kill switch, close-only, shadow. Needs the role `operate`.',
      TradingSwitchForm,
      returned(DecisionsController, 'trading'),
    ),
    'POST /api/commands/quarantine': decides(
      'Records what was set aside, another in its place, or that it stays out. Needs the role `operate`.',
      Settlement,
      returned(DecisionsController, 'quarantine'),
    ),
    'POST /api/workbench/look': answering(
      'System',
      'Has the broker of an account looked at now. Needs the role `operate`.',
      { meaning: 'By request, what its broker shows of it.', shape: returned(WorkbenchController, 'look') },
      { body: Looked },
    ),
  },
};

import type { ComponentChild } from 'preact';
import { AccountPage } from './account/account-page.tsx';
import { AccountsPage } from './account/accounts-page.tsx';
import { query } from './address.ts';
import { operator } from './api.ts';
import { AuditPage } from './audit/audit-page.tsx';
import { LogPage } from './log/log-page.tsx';
import { MarketPage } from './market/market-page.tsx';
import { NothingHere } from './nothing-here.tsx';
import { ProjectionPage } from './projections/projection-page.tsx';
import { ProjectionsPage } from './projections/projections-page.tsx';
import { StepperPage } from './projections/stepper-page.tsx';
import { accountKind } from './registry/account-kind.tsx';
import { integrationKind } from './registry/integration-kind.tsx';
import { keyKind } from './registry/key-kind.tsx';
import { operatorKind } from './registry/operator-kind.tsx';
import { RegisteredList } from './registry/registered-list.tsx';
import { traderKind } from './registry/trader-kind.tsx';
import { ReplayPage } from './replay/replay-page.tsx';
import { SimulatorPage } from './simulator/simulator-page.tsx';
import { ThingPage } from './thing/thing-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { WorkbenchPage } from './workbench/workbench-page.tsx';

interface PageKind {
  /** Whether there is anything to be shown by it. */
  readonly isThere?: () => boolean;
  /** Where it begins. */
  readonly at: string;
  /** What it is called in the navigation; null for one that is led to from others. */
  readonly name: string | null;
  draw(rest: string): ComponentChild;
}

function drawProjections(rest: string): ComponentChild {
  if (rest === '') return <ProjectionsPage />;
  // Where nobody said what is to be stepped through, it is asked on the page of all.
  if (rest === 'stepper')
    return query.value.has('fold') && query.value.has('account') ? <StepperPage /> : <ProjectionsPage />;
  const [owner = '', name = '', ...more] = rest.split('/');
  return name === '' || more.length > 0 ? <NothingHere /> : <ProjectionPage key={rest} owner={owner} name={name} />;
}

function drawAudit(rest: string): ComponentChild {
  switch (rest) {
    case '':
      return <AuditPage />;
    case 'traders':
      return <RegisteredList key={rest} kind={traderKind} />;
    case 'accounts':
      return <RegisteredList key={rest} kind={accountKind} />;
    case 'keys':
      return <RegisteredList key={rest} kind={keyKind} />;
    case 'integrations':
      return <RegisteredList key={rest} kind={integrationKind} />;
    case 'operators':
      return <RegisteredList key={rest} kind={operatorKind} />;
    default:
      return <NothingHere />;
  }
}

const PAGES: readonly PageKind[] = [
  { at: '/', name: 'Overview', draw: () => <OverviewPage /> },
  { at: '/log', name: 'Log', draw: () => <LogPage /> },
  {
    at: '/accounts',
    name: 'Accounts',
    draw: (id) => (id === '' ? <AccountsPage /> : <AccountPage key={id} id={id} />),
  },
  { at: '/workbench', name: 'Workbench', draw: (rest) => (rest === '' ? <WorkbenchPage /> : <NothingHere />) },
  { at: '/market', name: 'Market', draw: (rest) => (rest === '' ? <MarketPage /> : <NothingHere />) },
  { at: '/projections', name: 'Projections', draw: drawProjections },
  {
    at: '/replay',
    name: 'Replay',
    isThere: () => operator.value?.hasReplay === true,
    draw: (rest) => (rest === '' ? <ReplayPage /> : <NothingHere />),
  },
  {
    at: '/simulator',
    name: 'Simulator',
    isThere: () => operator.value?.hasSimulator === true,
    draw: (rest) => (rest === '' ? <SimulatorPage at="/api/simulator" /> : <NothingHere />),
  },
  { at: '/audit', name: 'Audit', draw: drawAudit },
  { at: '/thing', name: null, draw: (id) => (id === '' ? <NothingHere /> : <ThingPage key={id} id={id} />) },
];

export const shownPages = (): readonly PageKind[] => PAGES.filter(({ isThere }) => isThere?.() ?? true);

/** The page of an address; null for an address without one. */
export function pageAt(path: string): { draw(): ComponentChild } | null {
  const pages = shownPages();
  const whole = pages.find(({ at }) => at === path);
  if (whole) return { draw: () => whole.draw('') };
  const holder = pages.find(({ at }) => at !== '/' && path.startsWith(`${at}/`));
  return holder ? { draw: () => holder.draw(decodeURIComponent(path.slice(holder.at.length + 1))) } : null;
}

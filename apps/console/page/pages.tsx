import type { ComponentChild } from 'preact';
import { AccountPage } from './account/account-page.tsx';
import { AccountsPage } from './account/accounts-page.tsx';
import { operator } from './api.ts';
import { AuditPage } from './audit/audit-page.tsx';
import { LogPage } from './log/log-page.tsx';
import { MarketPage } from './market/market-page.tsx';
import { NothingHere } from './nothing-here.tsx';
import { ProjectionPage } from './projections/projection-page.tsx';
import { ProjectionsPage } from './projections/projections-page.tsx';
import { StepperPage } from './projections/stepper-page.tsx';
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
  if (rest === 'stepper') return <StepperPage />;
  const [owner = '', name = '', ...more] = rest.split('/');
  return name === '' || more.length > 0 ? <NothingHere /> : <ProjectionPage key={rest} owner={owner} name={name} />;
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
    at: '/simulator',
    name: 'Simulator',
    isThere: () => operator.value?.hasSimulator === true,
    draw: (rest) => (rest === '' ? <SimulatorPage /> : <NothingHere />),
  },
  { at: '/audit', name: 'Audit', draw: (rest) => (rest === '' ? <AuditPage /> : <NothingHere />) },
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

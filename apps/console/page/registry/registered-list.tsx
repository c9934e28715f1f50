import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Registered } from '@core/operations/registry-acts/registered';
import type { RegistryAnswer } from '../../src/registry.controller.ts';
import { useAnswer } from '../answer.ts';
import { may } from '../api.ts';
import { AuditTabs } from '../audit/audit-tabs.tsx';
import { Card } from '../parts/card.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ActForm } from './act-form.tsx';
import type { ActOffer } from './act-offer.ts';

/** What the log does not tell at once, of whoever changes something while the ledger is away. */
const EVERY_MS = 5_000;

export interface ListColumn<Row> {
  readonly name: string;
  cell(row: Row): ComponentChildren;
}

/** One kind of what is registered: its rows, and what can be done to each and to none of them yet. */
export interface ListKind<Row> {
  readonly title: string;
  readonly about: string;
  readonly none: string;
  readonly columns: readonly ListColumn<Row>[];
  rows(registered: Registered): readonly Row[];
  keyOf(row: Row): string;
  /** What is made anew. */
  adding(registered: Registered): readonly ActOffer[];
  offers(row: Row, registered: Registered): readonly ActOffer[];
}

/** A page of what is registered, with everything that can be done to it. */
export function RegisteredList<Row>({ kind }: { readonly kind: ListKind<Row> }) {
  const { answer, error } = useAnswer<RegistryAnswer>('/api/registry', { live: true, everyMs: EVERY_MS });
  const [open, setOpen] = useState<ActOffer | null>(null);
  const registered = answer?.registered ?? null;
  const buttons = (offers: readonly ActOffer[], look: string) =>
    offers.map((offer) => (
      <button key={offer.label} type="button" class={look} onClick={() => setOpen({ ...offer })}>
        {offer.label} <span class="unseen">{offer.about}</span>
      </button>
    ));
  const isAdmin = may('admin');
  // Beside the name: a telephone shows it without scrolling.
  const toBeDone = (of: Registered): readonly ListColumn<Row>[] =>
    isAdmin
      ? [
          {
            name: 'to be done',
            cell: (row) => <span class="by-hand many">{buttons(kind.offers(row, of), 'small')}</span>,
          },
        ]
      : [];
  return (
    <PageFrame
      title={kind.title}
      about={kind.about}
      actions={registered && isAdmin && buttons(kind.adding(registered), '')}
      error={error}
      isEmpty={answer === null}
    >
      <AuditTabs />
      {answer && !registered && (
        <p class="empty">
          This console was not given the login <code>operator</code> (<code>OPERATOR_DATABASE_URL</code>): who may do
          what is seen and changed by <code>npm run ops</code>.
        </p>
      )}
      {open && (
        <Card title={`${open.label}: ${open.about}`}>
          <ActForm key={`${open.act} ${open.about}`} offer={open} close={() => setOpen(null)} />
        </Card>
      )}
      {registered && (
        <section class="card">
          <DataTable
            label={kind.title}
            rows={kind.rows(registered)}
            keyOf={(row) => kind.keyOf(row)}
            none={kind.none}
            columns={[...kind.columns.slice(0, 1), ...toBeDone(registered), ...kind.columns.slice(1)]}
          />
        </section>
      )}
      {registered && !isAdmin && <p class="quiet">Changes are made by the role admin.</p>}
    </PageFrame>
  );
}

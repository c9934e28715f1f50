import { path } from '../address.ts';

const TABS = [
  ['/audit', 'Changes'],
  ['/audit/traders', 'Traders'],
  ['/audit/accounts', 'Accounts'],
  ['/audit/keys', 'Keys'],
  ['/audit/integrations', 'Integrations'],
  ['/audit/operators', 'Operators'],
] as const;

/** From who changed what to who may do what. */
export const AuditTabs = () => (
  <nav class="tabs" aria-label="Audit">
    {TABS.map(([at, name]) => (
      <a key={at} href={at} aria-current={path.value === at ? 'page' : undefined}>
        {name}
      </a>
    ))}
  </nav>
);

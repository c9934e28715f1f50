import type { Alert } from '@core/operations/finding';

/** Where what a finding is about is looked at and mended; null where no page does that. */
export function mendedAt({ kind, account }: Pick<Alert, 'kind' | 'account'>): string | null {
  switch (kind) {
    case 'service':
      return '#services';
    case 'dead-delivery':
      return null;
    case 'session':
    case 'half-done':
      return account === null ? '/accounts' : `/accounts/${account}`;
    case 'unknown-outcome':
    case 'quarantine':
    case 'drift':
    case 'halt':
      return '/workbench';
  }
}

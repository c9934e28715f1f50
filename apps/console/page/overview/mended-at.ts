import type { Alert } from '@core/operations/finding';

/** Where what a finding is about is looked at and mended. */
export function mendedAt({ kind, account }: Pick<Alert, 'kind' | 'account'>): string {
  switch (kind) {
    case 'service':
      return '#services';
    case 'session':
    case 'half-done':
    case 'dead-delivery':
      return account === null ? '/accounts' : `/accounts/${account}`;
    case 'unknown-outcome':
    case 'quarantine':
    case 'drift':
    case 'halt':
      return '/workbench';
  }
}

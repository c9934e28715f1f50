import { integer, text } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** How accounts and venues are shared with other instances. */
export class LeaseSettings extends settings('', {
  connectorId: text('Name of this instance in leases, claims and events; unset is a random one').optional(),
  registryMs: integer('How often the registry is read again, beside being told of changes', 1_000, 3_600_000).default(
    30_000,
  ),
  leaseTtlMs: integer('A lease that was not renewed for this long is free', 1_000, 600_000).default(4_000),
  leaseRenewMs: integer('How often leases are renewed and shared out', 50, 60_000).default(1_000),
  accountsMax: integer('Most accounts this instance takes', 1, 100_000).default(1_000),
}) {}

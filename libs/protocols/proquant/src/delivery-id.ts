import type { Registration } from '@core/contracts/integration-consent';
import type { IntegrationId, Uuid } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import { uuidOf } from '@core/kernel/uuid';
import { createHash } from 'node:crypto';
import type { ProquantEvent } from './event.ts';

/**
 * The deduplication key of an event, which its sender does not number: SHA-256 over what makes it this event, as a
 * UUID (version 8). Names, other versions and the echoed registration may change between two deliveries of one event.
 * What is said of a registration is said of no other.
 */
export function deliveryIdOf(
  integrationId: IntegrationId,
  event: ProquantEvent,
  registration: Registration | null,
): Uuid {
  const canonical = JSON.stringify([integrationId, event.timestamp, event.type, ...identityOf(event, registration)]);
  const bytes = createHash('sha256').update(canonical, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidOf(bytes);
}

function identityOf(event: ProquantEvent, registration: Registration | null): readonly (string | null)[] {
  switch (event.type) {
    case 'INTEGRATION_APPROVED':
    case 'INTEGRATION_REJECTED':
    case 'INTEGRATION_DELETED':
      return [registration, null, null, null, null];
    case 'STRATEGY_ENABLED':
    case 'STRATEGY_DISABLED':
      return [event.data.id, registration, null, null, null];
    case 'SIGNAL_OPEN':
    case 'SIGNAL_CLOSE':
    case 'SIGNAL_REOPEN': {
      const { strategy, proquantPositionId, direction, ticker, quantity } = event.data;
      return [strategy.id, proquantPositionId, direction, ticker, quantity];
    }
    default:
      return unreachable(event);
  }
}

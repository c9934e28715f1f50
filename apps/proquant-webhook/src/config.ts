import { edgeConfig } from '@core/edge/edge-settings';
import { OrderLimitSettings } from '@core/edge/order-limit';
import { trustedProxies } from '@core/edge/trusted-proxies';
import { integer, port } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** How signals come in, and how many. */
export class HookSettings extends settings('', {
  port: port('Port of the webhook; 0 is any free one').default(0),
  trustedProxies,
  deadlineMs: integer('How long the sender waits for an answer at most', 100, 60_000).default(4_000),
  bodyMaxBytes: integer('Largest body', 1_024, 1_048_576).default(65_536),
  requestsPerSecond: integer(
    'Requests per second of one integration; what takes risk away and what is repeated is never refused for it',
    1,
    10_000,
  ).default(10),
  requestsBurst: integer('Requests that one integration may send at once', 1, 10_000).default(30),
  refusalsPerMinute: integer(
    'Refused credentials of one integration per address and minute; beyond it the refusal has no name',
    1,
    10_000,
  ).default(20),
}) {}

/** What becomes of them, and when. */
export class SignalSettings extends settings('', {
  maxSignalAgeMs: integer('Age at which a signal to open is refused as too old', 1_000, 86_400_000).default(30_000),
  retryPauseMs: integer('Pause before a signal that has to wait is tried again', 5, 5_000).default(100),
  strategyQueueMax: integer('Signals of one strategy that may wait for the one before', 1, 100).default(3),
  ledgerTimeoutMs: integer('How long one attempt to reach the ledger may take in the background', 100, 60_000).default(
    4_000,
  ),
  unsettledMaxMs: integer('Age at which a signal without an outcome is recorded as unknown', 1_000, 3_600_000).default(
    60_000,
  ),
  lookMs: integer('How often signals without an outcome are looked at again', 10, 60_000).default(1_000),
  openingsMax: integer(
    'How often opening is tried after a close, where what fails is not the sender’s doing',
    1,
    5,
  ).default(5),
  orphanPauseMaxMs: integer(
    'Longest pause between attempts at closing what a disabled strategy left open',
    1_000,
    86_400_000,
  ).default(900_000),
  stepPauseMaxMs: integer('Longest pause between attempts at the same step of a signal', 1_000, 3_600_000).default(
    60_000,
  ),
}) {}

/** What is kept of everything that was delivered. */
export class InboxSettings extends settings('INBOX', {
  days: integer('Days that a delivery is kept, whatever became of it', 1, 3_650).default(90),
  strangersPerMinute: integer(
    'Deliveries of unknown senders that are kept, per minute; of those too large and of those to no address as many',
    1,
    10_000,
  ).default(60),
}) {}

export const webhookConfig = {
  ...edgeConfig,
  hooks: HookSettings,
  orders: OrderLimitSettings,
  signals: SignalSettings,
  inbox: InboxSettings,
};

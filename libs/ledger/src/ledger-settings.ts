import { integer } from '@core/service/setting';
import { settings } from '@core/service/settings';

/** How much the ledger takes at once, and how much it remembers. */
export class LedgerSettings extends settings('', {
  batchEventsMax: integer('Most events committed in one transaction', 1, 10_000).default(1_000),
  batchBytesMax: integer(
    'Most bytes of intake messages committed in one transaction; one message may be larger',
    1,
    16_777_216,
  ).default(524_288),
  batchCommandsMax: integer('Most commands decided in one transaction', 1, 10_000).default(200),
  waitingEventsMax: integer('Events read from the intake that may wait for the next transaction', 1, 1_000_000).default(
    5_000,
  ),
  waitingCommandsMax: integer('Commands that may be under way; more are left unanswered', 1, 1_000_000).default(10_000),
  answersMax: integer(
    'Answers kept in memory for repeated commands; older ones are looked up in the log',
    1,
    10_000_000,
  ).default(50_000),
  seenIdsBytes: integer(
    'Memory for which commands may have been answered before: of those that it denies the log is not asked',
    1_024,
    1_073_741_824,
  ).default(8_388_608),
  aggregatesMax: integer(
    'Accounts kept in memory for deciding; others are folded from the log when needed',
    1,
    10_000_000,
  ).default(10_000),
  requestMaxAgeMs: integer(
    'Age at which a request that no connector has claimed is not sent any more',
    100,
    86_400_000,
  ).default(30_000),
  marketOrderMaxAgeMs: integer(
    'Age at which a market order that no connector has claimed is not sent any more',
    100,
    86_400_000,
  ).default(5_000),
  instrumentsPauseMs: integer("Least time between two questions for a venue's instruments", 100, 600_000).default(
    2_000,
  ),
}) {}

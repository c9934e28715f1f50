import { describeEventLog } from './event-log.contract.ts';
import { MemoryEventLog, MemoryStore } from './memory-event-log.ts';

describeEventLog('memory', async () => {
  const store = new MemoryStore();
  let latest = new MemoryEventLog(store);
  return {
    writer: async () => (latest = new MemoryEventLog(store)),
    reader: () => latest,
    close: async () => undefined,
  };
});

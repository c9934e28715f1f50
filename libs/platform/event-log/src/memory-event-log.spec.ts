import { describeEventLog } from './event-log.contract.ts';
import { describeForgetting } from './forgetting.contract.ts';
import { MemoryEventLog, MemoryStore } from './memory-event-log.ts';

const open = async () => {
  const store = new MemoryStore();
  let latest = new MemoryEventLog(store);
  return {
    writer: async () => (latest = new MemoryEventLog(store)),
    reader: () => latest,
    close: async () => undefined,
  };
};

describeEventLog('memory', open);
describeForgetting('memory', 100, open);

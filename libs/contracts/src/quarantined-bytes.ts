/** Most bytes kept of a message that cannot be recorded: enough to see what it was. */
export const QUARANTINED_BYTES_MAX = 65_536;

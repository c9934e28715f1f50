/** From here on a server that is killed loses no stream, and has `sync_interval`. */
const LEAST = [2, 10, 23];

/** Whether `nats-server --version` speaks of a server that may be trusted to survive a kill. */
export function isSoundNats(said: string): boolean {
  const version = /v?(\d+)\.(\d+)\.(\d+)/.exec(said)?.slice(1).map(Number);
  if (version === undefined) return false;
  const differing = LEAST.findIndex((least, index) => version[index] !== least);
  return differing < 0 || (version[differing] ?? 0) > (LEAST[differing] ?? 0);
}

import { connect, type Socket } from 'node:net';

const TOLD_TIMEOUT_MS = 60_000;
/** A list of what changed, which a sign of life is not. */
const LIST = '[';

/** Open streams of lists, and which of them have told something since they were last asked about. */
export class OpenStreams {
  private readonly sockets: Socket[] = [];
  private readonly silent = new Set<Socket>();
  private lost: Error | null = null;
  private heard: () => void = () => undefined;

  constructor(private readonly port: number) {}

  /** Resolves with the stream's first list; rejects where the answer is another one, or none. */
  open(request: Buffer): Promise<void> {
    const socket = connect({ port: this.port, host: '127.0.0.1' });
    this.sockets.push(socket);
    socket.write(request);
    return new Promise((resolve, reject) => {
      let answer = '';
      socket.on('error', reject);
      socket.once('close', () => {
        this.lost ??= new Error(`a stream was ended after ${answer.slice(-200)}`);
        reject(this.lost);
        this.heard();
      });
      socket.on('data', (bytes) => {
        if (!bytes.includes(LIST)) {
          answer = bytes.toString();
          if (answer.includes('"error"')) socket.destroy();
          return;
        }
        resolve();
        this.silent.delete(socket);
        this.heard();
      });
    });
  }

  /** Resolves when each of them has told something from now on; rejects when one ends, or stays silent. */
  told(): Promise<void> {
    for (const socket of this.sockets) this.silent.add(socket);
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`${this.silent.size} of ${this.sockets.length} streams told nothing`));
      const timer = setTimeout(late, TOLD_TIMEOUT_MS);
      this.heard = () => {
        if (this.lost === null && this.silent.size > 0) return;
        clearTimeout(timer);
        if (this.lost === null) resolve();
        else reject(this.lost);
      };
      this.heard();
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.removeAllListeners('close').destroy();
  }
}

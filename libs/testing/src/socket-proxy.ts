import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** The near end is not told that the far one is gone. */
  isLost: boolean;
}

/** A way to a server that can fall silent, be cut, lose its far end unnoticed, or end before an answer is heard. */
export class SocketProxy {
  private readonly pairs = new Set<Pair>();
  private readonly server: Server = createServer({ noDelay: true }, (near) => this.join(near));
  private target: { readonly host: string; readonly port: number } | null = null;
  private state: 'speaking' | 'hushed' | 'cut' = 'speaking';
  /** What a question holds whose answer is not to be heard; null while all are. */
  private unheard: string | null = null;

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The same server as an address names, `host:port` or a URL, by way of here; from now on this way leads there. */
  lead(address: string, usualPort = 0): string {
    const isUrl = address.includes('://');
    const url = new URL(isUrl ? address : `tcp://${address}`);
    this.target = { host: url.hostname, port: Number(url.port || usualPort) };
    const here = `127.0.0.1:${this.port}`;
    if (!isUrl) return here;
    return address.replace(url.host, here);
  }

  /** From now on connections live, new ones too, and nothing comes over them: as with a server that is frozen. */
  hush(): void {
    this.state = 'hushed';
    for (const { near, far } of this.pairs) [near, far].forEach((socket) => socket.pause());
  }

  /** From now on there is no way: connections end, new ones at once. */
  cut(): void {
    this.state = 'cut';
    for (const { near, far } of this.pairs) [near, far].forEach((socket) => socket.destroy());
  }

  /** The server hears that its clients are gone, and they hear nothing; who comes anew gets through. */
  loseFarEnds(): void {
    for (const pair of this.pairs) {
      pair.isLost = true;
      pair.far.destroy();
    }
  }

  /** Clients that nobody hears any more hear of it. */
  endLost(): void {
    for (const { near, isLost } of this.pairs) if (isLost) near.destroy();
  }

  /** As it was; what was said into the silence is heard now. */
  speak(): void {
    this.state = 'speaking';
    for (const { near, far } of this.pairs) [near, far].forEach((socket) => socket.resume());
  }

  /** The next question that holds these words is carried out, and its connection ends before the answer is heard. */
  dropNextAnswerTo(words: string): void {
    this.unheard = words;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    const { host, port } = this.target ?? { host: '127.0.0.1', port: 0 };
    const pair: Pair = { near, far: connect({ port, host, noDelay: true }), isLost: false };
    const { far } = pair;
    this.pairs.add(pair);
    let isUnheard = false;
    near.on('data', (bytes) => {
      if (this.unheard !== null && bytes.includes(this.unheard)) {
        isUnheard = true;
        this.unheard = null;
      }
      if (!far.destroyed) far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (isUnheard) near.destroy();
      else near.write(bytes);
    });
    near.on('error', () => near.destroy());
    far.on('error', () => far.destroy());
    far.on('close', () => {
      if (!pair.isLost) near.destroy();
    });
    near.on('close', () => {
      this.pairs.delete(pair);
      far.destroy();
    });
    if (this.state === 'hushed') [near, far].forEach((socket) => socket.pause());
    if (this.state === 'cut') near.destroy();
  }
}

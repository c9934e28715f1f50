import { CHECKPOINT_STREAM, CheckpointStream } from '@core/bus/checkpoint-stream';
import type { SignedCheckpoint } from '@core/log-proof/checkpoint';
import type { CheckpointSink } from './checkpoint-sink.ts';

/** A stream at a NATS of somebody else's; a connection that is lost is made again with the next question. */
export class StreamSink implements CheckpointSink {
  readonly name = `stream ${CHECKPOINT_STREAM.name}`;
  private stream: CheckpointStream | null = null;

  constructor(private readonly url: string) {}

  async last(): Promise<SignedCheckpoint | null> {
    return (await this.open()).last();
  }

  async keep(checkpoint: SignedCheckpoint): Promise<void> {
    await (await this.open()).keep(checkpoint);
  }

  async close(): Promise<void> {
    await this.stream?.close();
  }

  private async open(): Promise<CheckpointStream> {
    if (this.stream === null || this.stream.isClosed) this.stream = await CheckpointStream.open(this.url);
    return this.stream;
  }
}

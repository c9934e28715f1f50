import { jsonAs } from '@core/kernel/json-as';
import { SignedCheckpoint } from '@core/log-proof/checkpoint';
import { open, readFile, truncate } from 'node:fs/promises';
import type { CheckpointSink } from './checkpoint-sink.ts';

/** A file with a checkpoint a line, on a disk that the database's owner does not write to. Only ever appended to. */
export class FileSink implements CheckpointSink {
  readonly name: string;

  constructor(private readonly path: string) {
    this.name = `file ${path}`;
  }

  /** What a crash left half written is no checkpoint: it goes. */
  async last(): Promise<SignedCheckpoint | null> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) await truncate(this.path, Buffer.byteLength(whole));
    const line = whole.trimEnd().split('\n').at(-1) ?? '';
    return line === '' ? null : jsonAs(this.path, line, SignedCheckpoint);
  }

  async keep(checkpoint: SignedCheckpoint): Promise<void> {
    const file = await open(this.path, 'a', 0o600);
    try {
      await file.appendFile(`${JSON.stringify(checkpoint)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    // It is open only while something is written.
  }
}

import { useState } from 'preact/hooks';
import { NotAnswered, submit } from './api.ts';
import { unawaited } from './unawaited.ts';

/** Does something at addresses that begin alike; `failure` is why the last deed was refused. */
export function useDeed(at: string): { readonly failure: string | null; run(path: string, body: object): void } {
  const [failure, setFailure] = useState<string | null>(null);
  const deed = async (path: string, body: object): Promise<void> => {
    try {
      await submit(`${at}${path}`, body);
      setFailure(null);
    } catch (error) {
      setFailure(error instanceof NotAnswered ? error.message : String(error));
    }
  };
  return { failure, run: (path, body) => unawaited(deed(path, body)) };
}

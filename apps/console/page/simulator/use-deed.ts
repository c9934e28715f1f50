import { useState } from 'preact/hooks';
import { NotAnswered, submit } from '../api.ts';
import { unawaited } from '../unawaited.ts';

/** Does something at the simulator; `failure` is why the last deed was refused. */
export function useDeed(): { readonly failure: string | null; run(path: string, body: object): void } {
  const [failure, setFailure] = useState<string | null>(null);
  const deed = async (path: string, body: object): Promise<void> => {
    try {
      await submit(`/api/simulator/${path}`, body);
      setFailure(null);
    } catch (error) {
      setFailure(error instanceof NotAnswered ? error.message : String(error));
    }
  };
  return { failure, run: (path, body) => unawaited(deed(path, body)) };
}

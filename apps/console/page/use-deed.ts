import { useState } from 'preact/hooks';
import { reasonOf, remove, submit } from './api.ts';
import { unawaited } from './unawaited.ts';

interface Deeds {
  /** Why the last one was refused. */
  readonly failure: string | null;
  run(path: string, body: object): void;
  takeBack(path: string): void;
}

/** Does something at addresses that begin alike. */
export function useDeed(at: string): Deeds {
  const [failure, setFailure] = useState<string | null>(null);
  const attempt = async (deed: Promise<unknown>): Promise<void> => {
    try {
      await deed;
      setFailure(null);
    } catch (error) {
      setFailure(reasonOf(error));
    }
  };
  return {
    failure,
    run: (path, body) => unawaited(attempt(submit(`${at}${path}`, body))),
    takeBack: (path) => unawaited(attempt(remove(`${at}${path}`))),
  };
}

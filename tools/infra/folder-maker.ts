import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What only that command leaves in a data folder. */
const MARKS = { 'npm start': 'nats.conf', 'npm run cluster': 'etcd' } as const;

/** Throws where another command made the folder: its servers would take what is there for rubbish, or for their own. */
export function refuseFolderOfOthers(folder: string, command: keyof typeof MARKS): void {
  for (const [maker, mark] of Object.entries(MARKS))
    if (maker !== command && existsSync(join(folder, mark)))
      throw new Error(`${folder} was made by ${maker}, which goes on with it: choose another with --data`);
}

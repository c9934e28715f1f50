import { anEvent } from '@core/contracts/examples.fixture';
import { eventTypes, versionOf, type Event } from '@core/contracts/event';
import { contentOf, type GeneratedFile } from './generated-file.ts';
import { GOLDEN_FOLDER } from './golden.ts';

const PATH = `${GOLDEN_FOLDER}/written.ndjson`;

const nameOf = ({ type, schemaversion }: Pick<Event, 'type' | 'schemaversion'>): string => `${type}.v${schemaversion}`;

/** One event of every type and version that a build ever wrote, each as it was written. */
export const writtenEvents = (): readonly Event[] =>
  contentOf(PATH)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);

/** What was written stays as it is; what this build is the first to write is added. */
export function writtenFile(): GeneratedFile {
  const known = new Set(writtenEvents().map(nameOf));
  const types = eventTypes.map(({ shape }) => shape.type.value);
  const added = types.filter((type) => !known.has(nameOf({ type, schemaversion: versionOf(type) })));
  return { path: PATH, text: contentOf(PATH) + added.map((type) => `${JSON.stringify(anEvent(type))}\n`).join('') };
}

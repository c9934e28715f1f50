import { parseEvent, versionOf } from '@core/contracts/event';
import { recorded } from '@core/contracts/examples.fixture';
import { lift, upcasters } from '@core/event-log/upcast';
import Ajv from 'ajv/dist/2020';
import { contentOf } from './generated-file.ts';
import { GOLDEN_FOLDER } from './golden.ts';
import { writtenEvents } from './written-events.ts';

describe('whatever a build ever wrote', () => {
  const ajv = new Ajv({ strict: false });

  it.each(writtenEvents().map((event) => [`${event.type}.v${event.schemaversion}`, event] as const))(
    '%s is what it was, and an event of this build once it is read',
    (name, written) => {
      expect(ajv.validate(JSON.parse(contentOf(`${GOLDEN_FOLDER}/${name}.json`)) as object, written)).toBe(true);
      const [event] = recorded([written]).map((each) => lift(each, upcasters));
      const { position: _position, version: _version, recordedtime: _recordedtime, ...read } = event ?? {};
      expect(read).toMatchObject({ schemaversion: versionOf(written.type) });
      expect(parseEvent(read)).toEqual({ ok: true, value: read });
    },
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectionCatalogue } from './projection-catalogue.ts';

const LIBS = join(__dirname, '../..');

/** Made of the others when somebody asks; no process keeps it. */
const ASKED_ONLY = 'overview';

it('has every fold that there is, so that operators can step through what any process keeps', () => {
  const sources = ['projections', 'views'].flatMap((folder) =>
    readdirSync(join(LIBS, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const names = sources
    .filter((file) => /(?<!\.spec)\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(LIBS, file), 'utf8');
      return [...text.matchAll(/: Projection<[^]*?name: '([a-z-]+)'/g)].map(([, name]) => name);
    });
  expect(names).toContain(ASKED_ONLY);
  expect(projectionCatalogue.folds.map(({ name }) => name).toSorted()).toEqual(
    names.filter((name) => name !== ASKED_ONLY).toSorted(),
  );
});

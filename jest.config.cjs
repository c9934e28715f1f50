// One program for the whole repository; the suffix of a spec says what it needs (docs: README, "Tests").
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
const { compilerOptions } = JSON.parse(readFileSync(join(__dirname, 'tsconfig.base.json'), 'utf8'));

const moduleNameMapper = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([name, [target]]) => [
    `^${name.replace('*', '(.*)')}$`,
    `<rootDir>/${target.slice(2).replace('*', '$1')}`,
  ]),
);

/** Packages that are ES modules alone, which jest takes only when it has made others of them. */
const ES_MODULES = [
  ...['jose', 'oidc-provider', 'nanoid', 'quick-lru', 'intl-messageformat', '@formatjs'],
  ...['got', '@sindresorhus/is', '@szmarczak/http-timer', 'cacheable-lookup', 'cacheable-request', 'form-data-encoder'],
  ...['lowercase-keys', 'mimic-response', 'normalize-url', 'p-cancelable', 'responselike'],
  ...['hyparquet', 'hyparquet-writer'],
];

const project = (displayName, suffix, notThese = []) => ({
  displayName,
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testEnvironment: 'node',
  testMatch: [`**/*.${suffix}.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/canary/', ...notThese],
  setupFiles: ['reflect-metadata'],
  transform: { '^.+\\.[jt]s$': ['@swc/jest', { ...swc, swcrc: false }] },
  transformIgnorePatterns: [`/node_modules/(?!(?:${ES_MODULES.join('|')})/)`],
  moduleNameMapper,
});

module.exports = {
  // A bound against hanging, far from what any test needs: real servers on a busy machine are slow.
  testTimeout: 600_000,
  projects: [
    project('spec', 'spec', ['\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$']),
    project('int', 'int.spec'),
    project('e2e', 'e2e.spec'),
  ],
};

import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which layer may import which others; the picture is in ARCHITECTURE.md. Apps never import apps. */
const layers = {
  kernel: [],
  contracts: ['kernel'],
  domain: ['kernel', 'contracts'],
  projections: ['kernel', 'contracts'],
  views: ['kernel', 'contracts', 'projections'],
  execution: ['kernel', 'contracts', 'projections'],
  'edge-protocol': ['kernel', 'contracts', 'views'],
  'broker-protocol': ['kernel', 'contracts', 'execution', 'projections'],
  platform: ['kernel', 'contracts', 'bars', 'log-proof', 'platform'],
  bars: ['kernel', 'contracts'],
  'log-proof': ['kernel', 'contracts'],
  paper: ['kernel', 'contracts', 'projections', 'execution'],
  ledger: ['kernel', 'contracts', 'domain', 'platform'],
  operations: [
    'kernel',
    'contracts',
    'projections',
    'views',
    'bars',
    'paper',
    'broker-protocol',
    'edge-protocol',
    'platform',
  ],
  connector: ['kernel', 'contracts', 'projections', 'execution', 'platform'],
};
const LIBRARIES = Object.keys(layers);
layers.app = LIBRARIES;
// A package for others: it knows nothing of us, and only specs and tools use it.
layers.client = [];
// Servers and apps as processes of this machine: for whoever starts them, never for what is started.
layers.machine = ['kernel'];
layers.testing = [...LIBRARIES, 'machine', 'testing'];
layers.tools = [...LIBRARIES, 'client', 'machine', 'testing'];

/** Layers that answer without doing: no I/O, no clock, no chance. */
const PURE = [
  'kernel',
  'contracts',
  'domain',
  'projections',
  'views',
  'execution',
  'bars',
  'log-proof',
  'paper',
  'protocols',
].flatMap((layer) => [`libs/${layer}/**/*.ts`, `tools/check/canary/${layer}/**/*.ts`]);
const SPECS = ['**/*.spec.ts', '**/*.contract.ts', '**/*.fixture.ts'];

const boundaries = (also) => [
  'error',
  {
    allow: [],
    // A library's specs test through what knows it. `npm run check` looks for circles among the files that ship.
    ignoredCircularDependencies: [['*', 'testing']],
    depConstraints: Object.entries(layers).map(([layer, allowed]) => ({
      sourceTag: `layer:${layer}`,
      onlyDependOnLibsWithTags: [...allowed, ...also].map((name) => `layer:${name}`),
    })),
  },
];

const syntax = (selector, message) => ({ selector, message });

const HOUSE = [
  syntax(
    'ExportAllDeclaration, ExportNamedDeclaration[source]',
    'Import from the file that defines it: no re-exports.',
  ),
  syntax('TSAsExpression > TSAsExpression', 'A value is what it is: parse or narrow instead of asserting twice.'),
  syntax('MemberExpression[object.name=/^(it|test|describe)$/][property.name="only"]', 'The other tests must run too.'),
  syntax('CallExpression[callee.name=/^(fit|fdescribe)$/]', 'The other tests must run too.'),
];

/** What `.oxlintrc.json` forbids of voided promises, where its rule does not look. */
const VOIDED = syntax(
  'ArrowFunctionExpression > UnaryExpression[operator="void"] > CallExpression',
  'Nobody takes what a voided promise rejects with: give the function a body.',
);

const NO_CLOCK = 'Time, ids and chance come in as data.';
const NO_WAIT =
  'What a pure spec proves does not depend on how fast the machine is: a clock of its own, or fake timers.';

/** Syntax, names and layers; what takes types to know is in `.oxlintrc.json`. */
export default [
  // Canaries break the rules on purpose; `npm run check` lints them apart and demands that each is caught.
  { ignores: ['dist', '.nx', '.data', '.test', 'bench-results', '**/canary/**', '**/*.cjs', '**/*.mjs'] },
  {
    files: ['**/*.{ts,tsx}'],
    linterOptions: { noInlineConfig: true },
    languageOptions: { parser: tseslint.parser },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    rules: {
      ...Object.assign({}, ...tseslint.configs.recommended.map((config) => config.rules ?? {})),
      ...prettier.rules,
      'no-console': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'oxlint-disable'] }],
      'max-lines': ['error', 400],
      'no-restricted-syntax': ['error', ...HOUSE],
      '@nx/enforce-module-boundaries': boundaries([]),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts', 'tools/check/canary/connector/**/*.ts'],
    ignores: [...SPECS, 'libs/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...HOUSE, VOIDED] },
  },
  {
    files: PURE,
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(node:(?!crypto$)|@nestjs/|pg$|nats$|typeorm$|ws$)', message: 'No I/O here.' }] },
      ],
      'no-restricted-globals': [
        'error',
        'process',
        'performance',
        'fetch',
        'setTimeout',
        'setInterval',
        'setImmediate',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: NO_CLOCK },
        { object: 'Math', property: 'random', message: NO_CLOCK },
        { object: 'crypto', property: 'randomUUID', message: NO_CLOCK },
      ],
      'no-restricted-syntax': [
        'error',
        ...HOUSE,
        VOIDED,
        syntax('NewExpression[callee.name="Date"][arguments.length=0]', NO_CLOCK),
      ],
    },
  },
  {
    // The loop that writes the log does its I/O by ports: it runs on a log in memory too.
    files: ['libs/ledger/**/*.ts', 'tools/check/canary/ledger/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(node:(?!timers)|@nestjs/|pg$|nats$|typeorm$|ws$)', message: 'I/O is a port.' }] },
      ],
    },
  },
  // A spec is a list: it may be as long as it must.
  {
    files: SPECS,
    rules: { 'max-lines': 'off', '@nx/enforce-module-boundaries': boundaries(['client', 'machine', 'testing']) },
  },
  {
    files: ['**/*.spec.ts'],
    ignores: ['**/*.int.spec.ts', '**/*.e2e.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(node:timers|node:perf_hooks|@core/testing/until$)', message: NO_WAIT }] },
      ],
      'no-restricted-globals': [
        'error',
        ...['performance', 'setTimeout', 'setInterval'].map((name) => ({ name, message: NO_WAIT })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: NO_WAIT },
        { object: 'process', property: 'hrtime', message: NO_WAIT },
        { object: 'AbortSignal', property: 'timeout', message: NO_WAIT },
      ],
      'no-restricted-syntax': [
        'error',
        ...HOUSE,
        syntax('NewExpression[callee.name="Date"][arguments.length=0]', NO_WAIT),
      ],
    },
  },
  { files: ['tools/**/*.ts', 'examples/**/*.ts'], rules: { 'no-console': 'off' } },
];

import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which layer may import which; the picture is in ARCHITECTURE.md. */
const layers = {
  kernel: [],
  contracts: ['kernel'],
  domain: ['kernel', 'contracts'],
  projections: ['kernel', 'contracts'],
  protocols: ['kernel', 'contracts'],
  platform: ['kernel', 'contracts', 'platform'],
  testing: ['kernel', 'contracts'],
  app: ['kernel', 'contracts', 'domain', 'projections', 'protocols', 'platform', 'testing'],
  tools: ['kernel', 'contracts', 'domain', 'projections', 'protocols', 'platform', 'testing', 'app'],
};

const depConstraints = Object.entries(layers).map(([layer, allowed]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: [layer, ...allowed].map((name) => `layer:${name}`),
}));

export default [
  { ignores: ['dist', 'node_modules', '.nx', '.data', '.test', '**/*.cjs', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    rules: {
      ...Object.assign({}, ...tseslint.configs.recommended.map((config) => config.rules ?? {})),
      ...prettier.rules,
      'no-console': 'error',
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints }],
    },
  },
  { files: ['tools/**/*.ts'], rules: { 'no-console': 'off' } },
];

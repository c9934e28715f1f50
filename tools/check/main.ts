import { check } from './check.ts';

void check(console.log).then(({ failed, specs }) => {
  console.log(`${specs.passed} specs passed; ${failed.length === 0 ? 'all is well' : `failed: ${failed.join(', ')}`}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
});

import { generate } from './generate.ts';
import { brokenGoldens } from './golden.ts';

void generate().then((written) => {
  for (const path of written) console.log(`wrote ${path}`);
  const broken = brokenGoldens();
  for (const problem of broken) console.error(problem);
  if (written.length === 0 && broken.length === 0) console.log('everything generated is up to date');
  process.exitCode = broken.length === 0 ? 0 : 1;
});

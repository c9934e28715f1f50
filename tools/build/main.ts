import { buildApps } from './build-apps.ts';

void buildApps(process.argv.slice(2)).then(({ apps, milliseconds }) => {
  console.log(
    `built ${apps.length === 0 ? 'nothing: no app has a src/main.ts' : apps.join(', ')} in ${milliseconds} ms`,
  );
});

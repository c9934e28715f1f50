import { allApps, buildApps } from './build-apps.ts';
import { allPackages, buildPackage } from './build-packages.ts';

async function main(names: readonly string[]): Promise<void> {
  const isWanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const packages = allPackages().filter(isWanted);
  const known = [...allApps(), ...allPackages()];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no ${unknown.join(', ')} here: ${known.join(', ')}`);
  const wanted = allApps().filter(isWanted);
  if (wanted.length > 0) {
    const { apps, milliseconds } = await buildApps(wanted);
    console.log(`built ${apps.join(', ')} in ${milliseconds} ms`);
  }
  for (const name of packages) console.log(`built ${name} in ${await buildPackage(name)}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

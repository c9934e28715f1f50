// The only script that is not TypeScript: it makes a bare clone able to run the TypeScript ones.
// Usage: node tools/bootstrap.mjs tools/<name>/main.ts [arguments]
// The tool runs in this very process, so the terminal, signals and the exit code are its own.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** Tools that are called again and again: they begin at once. */
const BUNDLED = ['tools/ops/main.ts'];
const HASH_BYTES = 32;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [tool, ...args] = process.argv.slice(2);

if (tool === undefined) quit('usage: node tools/bootstrap.mjs tools/<name>/main.ts [arguments]', 2);
requireNode();
process.chdir(root);
if (!existsSync(join(root, tool))) quit(`there is no ${tool} here`, 2);
if (packagesAreStale()) installPackages();

process.env.TSX_TSCONFIG_PATH = join(root, 'tsconfig.json');
process.argv = [process.argv[0], join(root, tool), ...args];
const require = createRequire(import.meta.url);
if (BUNDLED.includes(tool)) await runBundle();
else runSources();

function runSources() {
  require('tsx/cjs');
  require(join(root, tool));
}

/** Built anew when a source has changed since. */
async function runBundle() {
  const bundle = join(root, 'dist', tool.replace(/\.ts$/, '.js'));
  if (!isFresh(bundle)) {
    require('tsx/cjs');
    await require(join(root, 'tools/build/build-tool.ts')).buildTool(tool);
  }
  runCompiled(bundle);
}

/** As `require` does, but what V8 made of the same text before is taken over: compiling is half of what a start costs. */
function runCompiled(bundle) {
  const text = readFileSync(bundle, 'utf8');
  const kept = `${bundle}.compiled`;
  const cachedData = compiledOf(text, kept);
  const script = new Script(Module.wrap(text), { filename: bundle, cachedData });
  // At its end, for then what it needed to begin is compiled.
  if (cachedData === undefined || script.cachedDataRejected)
    process.once('exit', () => keepCompiled(text, script.createCachedData(), kept));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
}

/** V8 sees whether its own version made it; that it is whole, and of this text, is seen here. */
function compiledOf(text, path) {
  try {
    const kept = readFileSync(path);
    const compiled = kept.subarray(HASH_BYTES);
    return hashOf(text, compiled).equals(kept.subarray(0, HASH_BYTES)) ? compiled : undefined;
  } catch {
    return undefined;
  }
}

/** Never half a file, and none where nothing can be written: it saves time and no more. */
function keepCompiled(text, compiled, path) {
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([hashOf(text, compiled), compiled]));
    renameSync(unfinished, path);
  } catch {
    return;
  }
}

function hashOf(text, compiled) {
  return createHash('sha256').update(text).update(compiled).digest();
}

function isFresh(bundle) {
  try {
    const builtMs = statSync(bundle).mtimeMs;
    const sources = JSON.parse(readFileSync(`${bundle}.sources.json`, 'utf8'));
    return sources.every((source) => statSync(join(root, source)).mtimeMs < builtMs);
  } catch {
    return false;
  }
}

/** The lowest version comes from package.json, so that it is written once. */
function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  quit(`Node ${wanted} or newer is needed, this is ${process.versions.node}: see https://nodejs.org/en/download`, 1);
}

/** npm writes its hidden lockfile last, so an interrupted installation counts as none. */
function packagesAreStale() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

function installPackages() {
  const [command, ...first] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  console.error('Installing packages (npm ci): half a minute the first time, nothing to do but wait.');
  const installed = spawnSync(command, [...first, 'ci', '--include=dev', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (installed.status !== 0) quit(`npm ci failed${installed.error ? `: ${installed.error.message}` : ''}`, 1);
}

function quit(line, code) {
  console.error(line);
  process.exit(code);
}

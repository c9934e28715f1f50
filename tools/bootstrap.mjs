// Not TypeScript: it makes a bare clone able to run what is.
// Usage: node tools/bootstrap.mjs tools/<name>/main.ts [arguments]
// The tool runs in this very process, so the terminal, signals and the exit code are its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCompiled } from './compiled.mjs';

/** Tools that are called again and again: they begin at once. */
const BUNDLED = ['tools/ops/main.ts'];

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

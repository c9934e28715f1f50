// Runs a bundle from what V8 kept of it: compiling is half of what a start costs, and Node 20 has no cache of its own.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

const HASH_BYTES = 32;

/** As `require` does, but what V8 made of the same text before is taken over, and what it makes now is kept. */
export function runCompiled(bundle) {
  const { text, script, isTakenOver } = compiled(bundle);
  // At its end, for then what it needed to begin is compiled.
  if (!isTakenOver) process.once('exit', () => keepCompiled(text, script.createCachedData(), keptOf(bundle)));
  return exportsOf(script, bundle);
}

/**
 * A `require` that looks first in a bundle of packages, which tells by name what loads each. Nothing is kept: who runs it
 * with other arguments than most would keep what V8 does not take over from the others.
 */
export function requireOutOf(bundle, require) {
  const packages = exportsOf(compiled(bundle).script, bundle);
  return (name) => (Object.hasOwn(packages, name) ? packages[name]() : require(name));
}

function compiled(bundle) {
  const text = readFileSync(bundle, 'utf8');
  const cachedData = keptFor(text, keptOf(bundle));
  const script = new Script(Module.wrap(text), { filename: bundle, cachedData });
  return { text, script, isTakenOver: cachedData !== undefined && !script.cachedDataRejected };
}

function exportsOf(script, bundle) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
  return module.exports;
}

function keptOf(bundle) {
  return `${bundle}.compiled`;
}

/** V8 sees whether its own version made it; that it is whole, and of this text, is seen here. */
function keptFor(text, path) {
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

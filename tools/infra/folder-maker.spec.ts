import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseFolderOfOthers } from './folder-maker.ts';

it('gives a folder to the command that made it, and to no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder-maker-'));
  const [start, cluster] = [join(folder, 'start'), join(folder, 'cluster')];
  for (const each of [start, cluster]) {
    mkdirSync(each);
    refuseFolderOfOthers(each, 'npm start');
    refuseFolderOfOthers(each, 'npm run cluster');
  }
  writeFileSync(join(start, 'nats.conf'), '');
  mkdirSync(join(cluster, 'etcd'));
  refuseFolderOfOthers(start, 'npm start');
  refuseFolderOfOthers(cluster, 'npm run cluster');
  expect(() => refuseFolderOfOthers(start, 'npm run cluster')).toThrow('was made by npm start');
  expect(() => refuseFolderOfOthers(cluster, 'npm start')).toThrow('was made by npm run cluster');
  rmSync(folder, { recursive: true });
});

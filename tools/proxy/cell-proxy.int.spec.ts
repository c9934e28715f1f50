import { nginxBinary, type NginxServer } from '@core/machine/nginx-server';
import { present } from '@core/kernel/present';
import { freePort } from '@core/testing/free-port';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { WebSocket } from 'ws';
import { ROOT } from '../check/command.ts';
import { cellProxy } from './cell-proxy.ts';
import { CellStandIn } from './cell-stand-in.fixture.ts';

/** Where this machine has no nginx they are skipped, which `npm test` says at its end. */
const describeWithNginx: jest.Describe = nginxBinary() === null ? describe.skip : describe;

describeWithNginx('the deployed proxy in front of two cells', () => {
  let folder: string;
  let port: number;
  let proxy: NginxServer;
  let cells: readonly CellStandIn[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cell-proxy-'));
    port = await freePort();
    cells = [await CellStandIn.start('a'), await CellStandIn.start('b')];
    proxy = cellProxy(
      folder,
      port,
      cells.map(({ upstreams }) => upstreams),
    );
    await proxy.start('owner');
  });
  afterAll(async () => {
    await proxy?.stop();
    for (const cell of cells ?? []) await cell.stop();
    rmSync(folder, { recursive: true });
  });

  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  const answer = async (path: string, init: RequestInit = {}) => (await fetch(url(path), init)).text();
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it.each([
    ['a.Zk3', 'a gateway'],
    ['b.Zk3', 'b gateway'],
    ['Zk3', 'a gateway'],
    ['zz.Zk3', 'a gateway'],
    ['b', 'a gateway'],
    ['x.b.Zk3', 'a gateway'],
  ])('sends a bearer of %s to %s', async (token, who) => {
    expect(await answer('/accounts', bearer(token))).toContain(`${who} GET /accounts`);
    expect(await answer('/logout', { ...bearer(token), method: 'POST' })).toContain(`${who} POST /logout`);
  });

  it('sends what says nothing of a cell to the first', async () => {
    expect(await answer('/accounts', { method: 'OPTIONS' })).toContain('a gateway');
    expect(await answer('/config', { headers: { authorization: 'Basic b.x' } })).toContain('a gateway');
  });

  it.each([
    ['/proquant/v1/hooks/b.01890000-0000-7000-8000-000000000000', 'b webhook'],
    ['/proquant/v1/hooks/a.01890000-0000-7000-8000-000000000000', 'a webhook'],
    ['/proquant/v1/hooks/01890000-0000-7000-8000-000000000000', 'a webhook'],
  ])('sends %s to %s', async (path, who) => {
    const said = await answer(path, { method: 'POST', body: '{}', headers: { 'x-proquant-token': 'b.x' } });
    expect(said).toContain(`${who} POST ${path}`);
  });

  it('sends a hook on to where its cell says that it has moved, as it was said, and once', async () => {
    const init = { method: 'POST', body: '{"signal":1}', headers: { 'x-proquant-token': 'a.x' } };
    for (const [from, to] of ['ab', 'ba']) {
      const path = `/proquant/v1/hooks/${from}.moved-to-${to}`;
      const said = await answer(path, init);
      expect(said).toContain(`${to} webhook POST ${path}`);
      expect(said).toContain('saying {"signal":1}');
    }
    expect((await fetch(url('/proquant/v1/hooks/a.moved-to-zz'), init)).status).toBe(421);
  });

  it('has passwords tried at one gateway, whatever a request says of cells', async () => {
    for (const path of [
      '/authorize',
      '/authorize/',
      '/%61uthorize',
      '//authorize',
      '/oauth/login/b.x',
      '/oauth/token',
    ]) {
      const init = { ...bearer('b.x'), method: 'POST', body: 'login=ada' };
      expect(await answer(path, init)).toContain(`a gateway POST ${path}`);
    }
  });

  it('tells a cell where a caller is, beside what it says itself', async () => {
    const said = await answer('/accounts', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(said).toContain('from 203.0.113.7, 127.0.0.1');
  });

  it.each([
    ['/ws?cell=b', 'b session'],
    ['/ws?cell=a', 'a session'],
    ['/ws', 'a session'],
    ['/ws?cell=zz', 'a session'],
  ])('opens %s at %s, and passes on what is said there', async (path, who) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    const heard: string[] = [];
    await new Promise<void>((done, failed) => {
      socket.on('open', () => socket.send('hello')).on('error', failed);
      socket.on('message', (data: Buffer) => heard.push(data.toString()) && done());
    });
    socket.close();
    expect(heard).toEqual([`${who} heard hello`]);
  });

  it('passes a stream on as it comes, and not when it ends', async () => {
    const stream = await fetch(url('/streaming'), bearer('b.x'));
    const reader = present(stream.body, 'it has a body').pipeThrough(new TextDecoderStream()).getReader();
    for (const line of ['one', 'two', 'three']) {
      // The next line is sent when this one was read.
      present(cells[1], 'there are two').tell(`${line}\n`);
      expect((await reader.read()).value).toBe(`${line}\n`);
    }
    await reader.cancel();
  });

  it('has passwords tried at another gateway while the first is away', async () => {
    const [first] = cells;
    await first?.stop();
    expect(await answer('/authorize', { method: 'POST', body: 'login=ada' })).toContain('b gateway POST /authorize');
    expect((await fetch(url('/accounts'), bearer('a.x'))).status).toBe(502);
    expect(await answer('/accounts', bearer('b.x'))).toContain('b gateway');
  });

  it('nginx takes the configuration as it is deployed', async () => {
    const copy = join(folder, 'deployed');
    cpSync(join(ROOT, 'infra/nginx'), copy, { recursive: true });
    const made = await generate([{ name: 'commonName', value: 'cells' }]);
    mkdirSync(join(copy, 'tls'));
    writeFileSync(join(copy, 'tls/cells.key'), made.private);
    writeFileSync(join(copy, 'tls/cells.pem'), made.cert);
    const nginx = present(nginxBinary(), 'the spec is skipped without it');
    execFileSync(nginx, ['-t', '-p', copy, '-c', 'nginx.conf', '-g', `pid ${copy}/pid;`, '-e', `${copy}/log`], {
      stdio: 'pipe',
    });
  });
});

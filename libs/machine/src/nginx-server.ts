import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { present } from '@core/kernel/present';
import { installedProgram } from './program.ts';
import { ServerProcess, type LivesWith } from './server-process.ts';

/** What a person does about a machine without nginx. */
export const HOW_TO_GET_NGINX = 'apt-get install nginx-light (on macOS: brew install nginx)';

export const nginxBinary = (): string | null => installedProgram('nginx');

interface NginxOptions {
  /** Everything of this server: its configuration, its log, what it puts aside. */
  readonly folder: string;
  readonly port: number;
  /** Of the context `http`, and of its only server. */
  readonly http: string;
  readonly locations: string;
}

/** An nginx of this machine's, on loopback, without what the machine's own has. */
export class NginxServer {
  private readonly process: ServerProcess;

  constructor({ folder, port, http, locations }: NginxOptions) {
    mkdirSync(folder, { recursive: true });
    const pidFile = join(folder, 'nginx.pid');
    const configFile = join(folder, 'nginx.conf');
    const logFile = join(folder, 'nginx.log');
    writeFileSync(configFile, configurationOf({ folder, port, http, locations }));
    this.process = new ServerProcess({
      ...{ name: 'nginx', folder, pidFile, logFile, runAs: {}, stopSignal: 'SIGTERM' },
      command: () => [present(nginxBinary(), HOW_TO_GET_NGINX), '-p', folder, '-c', configFile, '-e', logFile],
      isReady: () => answers(port),
    });
  }

  start(livesWith: LivesWith): Promise<void> {
    return this.process.start(livesWith);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** A worker of root's would be nobody, who may not come into a folder of ours. */
const configurationOf = ({ folder, port, http, locations }: NginxOptions): string => `
daemon off;
pid ${folder}/nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${locations}
  }
}
`;

/** Whether anything is answered there; what, is for those behind it to say. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    request({ host: '127.0.0.1', port, method: 'OPTIONS' }, (response) => resolve(response.resume().complete || true))
      .on('error', () => resolve(false))
      .end();
  });

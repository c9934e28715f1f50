/** A cell as the proxy reaches it, `host:port` each. */
export interface CellUpstreams {
  readonly name: string;
  readonly gateway: string;
  readonly webhook: string;
  readonly session: string;
}

const EDGES = ['gateway', 'webhook', 'session'] as const;

/** By which variable of `routing.conf`, or of nginx itself, an edge is chosen. */
const CHOSEN_BY = { gateway: '$token_cell', webhook: '$hook_cell', session: '$arg_cell' } as const;

/** `upstreams.conf`. The first takes what names no cell, and the passwords, where the others stand by. */
export function upstreamsOf(cells: readonly CellUpstreams[]): string {
  const [first, ...others] = cells;
  if (first === undefined) throw new Error('a proxy has a cell behind it');
  return [
    upstream('passwords', [first.gateway, ...others.map(({ gateway }) => `${gateway} backup`)]),
    ...cells.flatMap((cell) => EDGES.map((edge) => upstream(`${edge}_${cell.name}`, [cell[edge]]))),
    ...EDGES.map((edge) =>
      block(`map ${CHOSEN_BY[edge]} $${edge}`, [
        `default ${edge}_${first.name};`,
        ...cells.map(({ name }) => `${name} ${edge}_${name};`),
      ]),
    ),
    block('map $moved_cell $moved_webhook', [
      `default webhook_${first.name};`,
      ...cells.map(({ name }) => `${name} webhook_${name};`),
    ]),
  ].join('\n');
}

const upstream = (name: string, servers: readonly string[]): string =>
  block(`upstream ${name}`, [...servers.map((server) => `server ${server};`), 'keepalive 64;']);

const block = (head: string, lines: readonly string[]): string =>
  `${head} {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`;

import type { HttpAnswer, HttpApi, HttpOperation, HttpShape } from '@core/service/http-api';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { allApps } from '../build/build-apps.ts';
import { ROOT } from '../check/command.ts';
import type { CompilerTypes } from './compiler-types.ts';
import type { GeneratedFile } from './generated-file.ts';
import { HttpShapes } from './http-shapes.ts';

const load = createRequire(__filename);

const tableOf = (app: string): string => join(ROOT, 'apps', app, 'src/http-api.ts');

/** An OpenAPI document for each app that says in `http-api.ts` what it answers. */
export function openApis(): readonly GeneratedFile[] {
  const apps = allApps().filter((app) => existsSync(tableOf(app)));
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const compiled = HttpShapes.compile(apps.map(tableOf));
  return apps.map((app) => {
    const header = `# Generated from apps/${app}/src/http-api.ts by \`npm run generate\`; do not edit.\n`;
    const document = documentOf(httpApiOf(app), version, compiled);
    return { path: `docs/${app}.openapi.yaml`, text: header + stringify(document, { aliasDuplicateObjects: false }) };
  });
}

/** The table of an app, which its file exports. */
export function httpApiOf(app: string): HttpApi {
  const exported: readonly unknown[] = Object.values(load(tableOf(app)) as object);
  const table = exported.find(
    (each): each is HttpApi => typeof each === 'object' && each !== null && 'operations' in each,
  );
  if (!table) throw new Error(`${tableOf(app)} exports no table`);
  return table;
}

function documentOf(api: HttpApi, version: string, types: CompilerTypes): object {
  const shapes = new HttpShapes(types, api.names, api.meanings);
  const operations = Object.entries<HttpOperation>(api.operations);
  const paths: Record<string, Record<string, object>> = {};
  for (const [route, operation] of operations) {
    const [method = '', path = ''] = route.split(' ');
    (paths[path] ??= {})[method.toLowerCase()] = operationOf(route, operation, api.bodyType, shapes);
  }
  return {
    openapi: '3.1.0',
    info: { title: api.title, version, description: api.description },
    servers: [{ url: api.server, description: 'Under `npm start`.' }],
    tags: [...new Set(operations.map(([, { group }]) => group))].map((name) => ({ name })),
    paths,
    components: { securitySchemes: api.access, schemas: shapes.named },
  };
}

function operationOf(route: string, operation: HttpOperation, bodyType: string, shapes: HttpShapes): object {
  const { summary, group, access, query = [], body, answers } = operation;
  return {
    operationId: operationIdOf(route),
    summary,
    tags: [group],
    security: access === null ? [] : [{ [access]: [] }],
    parameters: [
      ...[...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        ...{ name, in: 'path', required: true, ...shapes.meaningOf(name ?? ''), schema: { type: 'string' } },
      })),
      ...query.flatMap((shape) => parametersOf(shape, shapes)),
    ],
    ...(body && { requestBody: { required: true, content: { [bodyType]: { schema: shapes.asked(body) } } } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, responseOf(answer, shapes)]),
    ),
  };
}

function parametersOf(shape: HttpShape, shapes: HttpShapes): readonly object[] {
  const { properties = {}, required = [] } = shapes.fields(shape);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema },
    ...(description !== undefined && { description }),
  }));
}

function responseOf({ meaning, type, shape }: HttpAnswer, shapes: HttpShapes): object {
  if (shape === undefined && type === undefined) return { description: meaning };
  const schema = shape ? shapes.told(shape) : { type: 'string' };
  return { description: meaning, content: { [type ?? 'application/json']: { schema } } };
}

/** `GET /accounts/{accountId}/orders` is `getAccountsAccountIdOrders`. */
const operationIdOf = (route: string): string =>
  route.toLowerCase().slice(0, route.indexOf(' ')) +
  [...route.slice(route.indexOf(' ')).matchAll(/\w+/g)]
    .map(([word]) => word.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()))
    .join('');

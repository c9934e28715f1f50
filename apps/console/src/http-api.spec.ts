import { RequestMethod, type Type } from '@nestjs/common';
import { GUARDS_METADATA, METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ConsoleModule } from './console.module.ts';
import { consoleApi } from './http-api.ts';
import { NEEDED_ROLE, OperatorGuard } from './session.guard.ts';

const metadata = (key: string, of: object): unknown => Reflect.getMetadata(key, of);

/** `GET /api/log/{position}`, and the role it takes; null lets anybody in. The pages' own files are for browsers, and no answers. */
const served = (metadata(MODULE_METADATA.CONTROLLERS, ConsoleModule) as readonly Type[]).flatMap((controller) => {
  const prototype = controller.prototype as Readonly<Record<string, object>>;
  return Object.getOwnPropertyNames(prototype).flatMap((name): readonly (readonly [string, string | null])[] => {
    const handler = prototype[name] ?? {};
    const method = metadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    const parts = [metadata(PATH_METADATA, controller), metadata(PATH_METADATA, handler)] as string[];
    const path = parts.filter((part) => part !== '/').join('/');
    if (method === undefined || path === '*') return [];
    const guards = [controller, handler].flatMap((each) => (metadata(GUARDS_METADATA, each) ?? []) as readonly Type[]);
    const role = guards.includes(OperatorGuard) ? ((metadata(NEEDED_ROLE, handler) ?? 'read') as string) : null;
    return [[`${RequestMethod[method]} /${path.replace(/:(\w+)/g, '{$1}')}`, role]];
  });
});

it('the console’s document knows every address that is served, and no other', () => {
  expect(Object.keys(consoleApi.operations).toSorted()).toEqual(served.map(([route]) => route).toSorted());
});

it('every address takes a role, but those by which people come in; what changes something takes more than looking', () => {
  const takes = (wanted: string | null) =>
    served
      .filter(([, role]) => role === wanted)
      .map(([route]) => route)
      .toSorted();
  expect(takes(null)).toEqual(['GET /api/session', 'GET /enter/{token}', 'POST /api/session']);
  expect(takes('operate')).toEqual([
    'DELETE /api/simulator/faults',
    'DELETE /api/simulator/faults/{id}',
    'POST /api/commands/quarantine',
    'POST /api/commands/resolve',
    'POST /api/commands/trading',
    'POST /api/replay',
    'POST /api/replay/press',
    'POST /api/simulator/disconnect',
    'POST /api/simulator/faults',
    'POST /api/simulator/prices/{symbol}/hold',
    'POST /api/simulator/prices/{symbol}/move',
    'POST /api/workbench/look',
  ]);
  expect(takes('admin')).toEqual(['POST /api/projections', 'POST /api/registry', 'POST /api/registry/plan']);
  const isLooking = (route: string): boolean => route.startsWith('GET ') || route === 'DELETE /api/session';
  expect(takes('read').filter((route) => !isLooking(route))).toEqual([]);
});

it('the document says which addresses take a session', () => {
  const operations = new Map(Object.entries(consoleApi.operations));
  for (const [route, role] of served)
    expect([route, operations.get(route)?.access]).toEqual([route, role === null ? null : 'session']);
});

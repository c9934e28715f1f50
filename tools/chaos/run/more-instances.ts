import type { AppSpec } from '@core/machine/app-process';
import type { PortBook } from '@core/machine/ports';

/** Any free one: these are nobody's usual ports. */
const ANY = 21_000;

/** The same edge once more, at ports of its own. */
export async function secondOf(spec: AppSpec, ports: PortBook): Promise<AppSpec> {
  const port = await ports.claim(`second ${spec.name}`, ANY);
  const opsPort = await ports.claim(`second ${spec.name}-ops`, ANY);
  return { ...spec, opsPort, env: { ...spec.env, PORT: String(port) } };
}

/** The same service once more, to take over from the first. */
export const standbyOf = async (spec: AppSpec, ports: PortBook): Promise<AppSpec> => ({
  ...spec,
  opsPort: await ports.claim(`standby ${spec.name}-ops`, ANY),
});

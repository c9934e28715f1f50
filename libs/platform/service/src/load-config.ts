import { aboutOf } from './setting.ts';
import { variableOf, type Config, type Groups, type SettingsGroup } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment does not fit the settings. Each line names a variable and what it must be, never what it was. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Reads groups of settings from the environment; unset and empty variables leave the default.
 * Throws `ConfigError` listing everything that is wrong.
 */
export function loadConfig<Of extends Groups>(groups: Of, environment: Environment = process.env): Config<Of> {
  const read = Object.entries(groups).map(([name, group]) => ({ name, ...readGroup(group, environment) }));
  const problems = read.flatMap(({ lines }) => lines);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(Object.fromEntries(read.map(({ name, group }) => [name, group]))) as Config<Of>;
}

function readGroup(Group: SettingsGroup, environment: Environment): { group?: object; lines: readonly string[] } {
  const texts = Object.entries(Group.schema.shape).map(([key]) => [key, environment[variableOf(Group, key)]?.trim()]);
  const given = Object.fromEntries(texts.filter(([, text]) => text !== undefined && text !== ''));
  const { data, error } = Group.schema.safeParse(given);
  if (!error) return { group: new Group(data), lines: [] };
  const wrong = new Set(error.issues.map(({ path }) => String(path[0])));
  return { lines: [...wrong].map((key) => refusal(Group, key, key in given)) };
}

function refusal(group: SettingsGroup, key: string, isSet: boolean): string {
  const { must } = aboutOf(group.schema.shape[key]);
  return `${variableOf(group, key)} ${isSet ? '' : 'is not set: it '}must ${must}`;
}

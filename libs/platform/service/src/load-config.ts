import { validateSync, type ValidationError } from 'class-validator';
import { settingsOf } from './settings.ts';

/** The environment does not fit the settings. Each line names a variable and what it must be, never what it was. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Reads a settings class from the environment; unset and empty variables leave the default.
 * Throws `ConfigError` listing everything that is wrong.
 */
export function loadConfig<Config extends object>(
  Config: new () => Config,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Config> {
  const settings = settingsOf(Config);
  const given = settings.flatMap(({ property, variable, read }) => {
    const text = environment[variable]?.trim() ?? '';
    return text === '' ? [] : [[property, read(text)]];
  });
  const config = Object.assign(new Config(), Object.fromEntries(given));
  const variables = new Map(settings.map(({ property, variable }) => [property, variable]));
  const errors = validateSync(config, { forbidUnknownValues: false, stopAtFirstError: true });
  if (errors.length > 0) throw new ConfigError(errors.map((error) => lineOf(error, variables)));
  return Object.freeze(config);
}

function lineOf(
  { property, value, constraints = {} }: ValidationError,
  variables: ReadonlyMap<string, string>,
): string {
  const variable = variables.get(property) ?? property;
  const [rule = 'is not valid'] = Object.values(constraints);
  return value === undefined ? `${variable} is not set: it ${rule}` : `${variable} ${rule.replace(`${property} `, '')}`;
}

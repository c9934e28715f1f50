import { envelope } from '@core/contracts/message';
import { eventTypes, versionOf, type EventType } from '@core/contracts/event';
import { Decimal, NonNegativeDecimal, PositiveDecimal } from '@core/contracts/primitives';
import { DECIMAL_PATTERN } from '@core/kernel/decimal';
import { basename } from 'node:path';
import { z } from 'zod';
import { contentOf, type GeneratedFile } from './generated-file.ts';

export const GOLDEN_FOLDER = 'libs/contracts/golden';

/** JSON Schema cannot say a refinement, so the three decimals get their patterns here. */
const CANONICAL = DECIMAL_PATTERN.source.slice(1);
const patterns = new Map<unknown, string>([
  [Decimal, `^${CANONICAL}`],
  [NonNegativeDecimal, `^(?!-)${CANONICAL}`],
  [PositiveDecimal, `^(?!-|0$)${CANONICAL}`],
]);

export const jsonSchemaOf = (schema: z.ZodType): z.core.JSONSchema.BaseSchema =>
  z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      const pattern = patterns.get(zodSchema);
      if (pattern !== undefined) jsonSchema.pattern = pattern;
    },
  });

export const goldenName = (type: EventType): string => `${type}.v${versionOf(type)}.json`;

type Shape = (typeof eventTypes)[number]['shape'];

/** One event as it stands in the log. */
export const storedShapeOf = (shape: Shape): z.ZodType =>
  z.strictObject({ ...envelope, schemaversion: z.literal(versionOf(shape.type.value)), ...shape });

/** The stored shape of every event as this build writes it. */
export const goldens = (): readonly GeneratedFile[] =>
  eventTypes.map(({ shape }) => ({
    path: `${GOLDEN_FOLDER}/${goldenName(shape.type.value)}`,
    text: `${JSON.stringify(jsonSchemaOf(storedShapeOf(shape)), null, 2)}\n`,
  }));

/** Golden files that no longer say what the code does: the shape of something stored was changed. */
export function brokenGoldens(current: readonly GeneratedFile[] = goldens()): readonly string[] {
  const changed = current.filter(({ path, text }) => contentOf(path) !== '' && contentOf(path) !== text);
  return changed.map(
    ({ path }) => `${basename(path)}: what is stored changed its shape; give it a new schema version and an upcaster`,
  );
}

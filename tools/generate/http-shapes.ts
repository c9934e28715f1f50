import { envelope } from '@core/contracts/message';
import type { HttpShape } from '@core/service/http-api';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { z } from 'zod';
import { CompilerTypes } from './compiler-types.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Fields {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** An event whole would be every event there is, and they have documents of their own. */
const RecordedEvent = z
  .looseObject({
    ...{ type: z.string(), ...envelope, recordedtime: envelope.time, position: z.int().min(1) },
    data: z.looseObject({}),
  })
  .describe('`data` is what `docs/events.md` and `docs/asyncapi.yaml` say of its `type`.');

/** Shapes of one document as JSON Schema, from whatever validates them. */
export class HttpShapes {
  /** What references lead to. */
  readonly named: Record<string, Schema> = {};

  private readonly names: ReadonlyMap<unknown, string>;

  constructor(
    private readonly types: CompilerTypes,
    names: Readonly<Record<string, z.ZodType>>,
    private readonly meanings: Readonly<Record<string, string>> = {},
  ) {
    this.names = new Map(Object.entries(names).map(([name, shape]) => [shape, name]));
  }

  static compile(files: readonly string[]): CompilerTypes {
    return new CompilerTypes(files, { RecordedEvent: schemaOf(RecordedEvent, 'output') });
  }

  /** What a caller says. */
  asked(shape: HttpShape): Schema {
    if (shape instanceof z.ZodType) return schemaOf(shape, 'input');
    if (typeof shape !== 'function') throw new Error('what is asked is validated by a schema or a class');
    this.named[shape.name] = { ...this.fields(shape) };
    return { $ref: `#/components/schemas/${shape.name}` };
  }

  /** As `asked`, field by field. */
  fields(shape: HttpShape): Fields {
    const schema: Fields =
      shape instanceof z.ZodType ? schemaOf(shape, 'input') : (targetConstructorToSchema(shape as never) as Fields);
    const { properties = {} } = schema;
    const fields = Object.entries(properties).map(([name, field]) => [name, { ...this.meaningOf(name), ...field }]);
    return { ...schema, properties: Object.fromEntries(fields) as typeof properties };
  }

  /** Of a field that does not say itself what it means. */
  meaningOf(name: string): { readonly description?: string } {
    const description = this.meanings[name];
    return description === undefined ? {} : { description };
  }

  /** What a caller hears. */
  told(shape: HttpShape): Schema {
    if (shape instanceof z.ZodType) return this.byName(shape);
    if (typeof shape === 'function') throw new Error('a form is no answer');
    const { schema, named } = this.types.returned(shape);
    for (const [name, known] of Object.entries(this.named))
      if (name in named && JSON.stringify(named[name]) !== JSON.stringify(known))
        throw new Error(`two types of a document are called ${name}`);
    Object.assign(this.named, named);
    return schema;
  }

  /** What of it has a name stands there once. */
  private byName(shape: z.ZodType): Schema {
    // A schema that is a name itself would say what it is: held by a list, it says its name.
    const { $defs = {}, items } = schemaOf(z.array(shape), 'output', new Naming(this.names)) as Held;
    for (const [name, { id: _id, ...schema }] of Object.entries($defs)) this.named[name] = lifted(schema);
    return lifted(items);
  }
}

interface Held {
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** What is known of schemas anyhow, and the names of some. */
class Naming extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  constructor(private readonly names: ReadonlyMap<unknown, string>) {
    super();
  }

  override get(schema: z.core.$ZodType): z.core.GlobalMeta | undefined {
    const id = this.names.get(schema);
    return id === undefined ? z.globalRegistry.get(schema) : { ...z.globalRegistry.get(schema), id };
  }
}

/** References as an OpenAPI document writes them. */
const lifted = (schema: Schema = {}): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Schema;

function schemaOf(shape: z.ZodType, io: 'input' | 'output', metadata?: Naming): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, {
    ...{ io, unrepresentable: 'any' },
    ...(metadata && { metadata }),
  });
  return schema;
}

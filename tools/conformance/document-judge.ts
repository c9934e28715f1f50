import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { isFailure, schemaFaults, type AnswerJudge } from './answer-judge.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import type { Fault } from './verdict.ts';

type Json = Record<string, unknown>;

/**
 * An OpenAPI document of the API that the user brings, JSON or YAML.
 * The published one contradicts itself: what could not be satisfied by any answer is read as it is meant (README).
 */
export class DocumentJudge implements AnswerJudge {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  private readonly validators = new Map<OperationName, ValidateFunction | null>();

  private constructor(private readonly document: Json) {
    addFormats(this.ajv);
    this.ajv.addFormat('double', true).addFormat('float', true).addFormat('int32', true).addFormat('int64', true);
    this.ajv.addSchema(document, 'document');
  }

  /** Throws where the text is no OpenAPI document. */
  static read(text: string): DocumentJudge {
    // Later versions of the format forbid the byte order and line ends that the published file has.
    const document: unknown = parse(text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, ''), { strict: false });
    if (!isObject(document) || !isObject(document['paths'])) throw new Error('this is no OpenAPI document: no paths');
    return new DocumentJudge(readAsMeant(document, document) as Json);
  }

  get version(): string {
    return String((this.document['info'] as Json | undefined)?.['version'] ?? 'unknown');
  }

  faults(operation: OperationName, body: unknown): readonly Fault[] {
    const validate = this.of(operation);
    if (validate === null || validate(body)) return [];
    const errors = validate.errors ?? [];
    // Some addresses fail in the common envelope although the document gives them none.
    if (isFailure(body) && !validate({ s: 'error', errmsg: 'x' })) return [];
    // Every answer may be the failure instead: why a success is no failure tells nobody anything.
    const telling = errors.filter(({ schemaPath }) => !schemaPath.includes('Error'));
    return schemaFaults(telling.length > 0 ? telling : errors, body);
  }

  private of(operation: OperationName): ValidateFunction | null {
    const known = this.validators.get(operation);
    if (known !== undefined) return known;
    const made = this.compile(operation);
    this.validators.set(operation, made);
    return made;
  }

  private compile(operation: OperationName): ValidateFunction | null {
    const [method = '', path = ''] = OPERATIONS[operation].route.split(' ');
    const parts = ['paths', path, method.toLowerCase(), 'responses', '200', 'content', 'application/json', 'schema'];
    if (parts.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), this.document) === undefined)
      return null;
    const pointer = parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    return this.ajv.compile({ $ref: `document#/${pointer.join('/')}` });
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One schema, or anything that holds some. */
function readAsMeant(value: unknown, root: Json): unknown {
  if (Array.isArray(value)) return value.map((each) => readAsMeant(each, root));
  if (!isObject(value)) return value;
  // What stands beside a reference does not count in OpenAPI 3.0, and closes what it refers to elsewhere.
  if (typeof value['$ref'] === 'string') return { $ref: value['$ref'] };
  const { oneOf, allOf, ...rest } = value;
  // Branches overlap: `{"s":"ok"}` is both a success and an empty history.
  const either = oneOf === undefined ? {} : { anyOf: readAsMeant(oneOf, root) };
  const merged = Array.isArray(allOf) ? mergedOf(allOf, root) : {};
  const read = { ...mapValues(rest, (each) => readAsMeant(each, root)), ...either, ...merged };
  return withNulls(read);
}

/** Closed objects that are demanded together refuse each other's fields: they are read as one. */
function mergedOf(parts: readonly unknown[], root: Json): Json {
  const objects = parts.map((part) => readAsMeant(resolved(part, root), root)).filter(isObject);
  if (objects.some((each) => each['anyOf'] !== undefined)) return { allOf: objects };
  return {
    type: 'object',
    properties: Object.assign({}, ...objects.map((each) => each['properties'] ?? {})) as Json,
    required: objects.flatMap((each) => (each['required'] as string[] | undefined) ?? []),
    ...(objects.every((each) => each['additionalProperties'] === false) ? { additionalProperties: false } : {}),
  };
}

function resolved(part: unknown, root: Json): unknown {
  if (!isObject(part) || typeof part['$ref'] !== 'string') return part;
  const path = part['$ref'].replace(/^#\//, '').split('/');
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root);
}

const SPECS = '(cfd|spreadbet|crypto)';

/** Columns of `/symbol_info` have rows without a value, and `typespecs` holds several in one text. */
function withNulls(schema: Json): Json {
  const properties = schema['properties'];
  if (!isObject(properties) || !('typespecs' in properties && 'pricescale' in properties)) return schema;
  const nullable = ['volume-type', 'isin', 'wkn'].filter((name) => name in properties);
  const rows = (items: Json): Json => ({ type: 'array', items, nullable: true });
  const column = (name: string): Json => ((properties[name] as Json)['items'] as Json | undefined) ?? {};
  return {
    ...schema,
    properties: {
      ...properties,
      ...Object.fromEntries(nullable.map((name) => [name, rows({ anyOf: [column(name), { type: 'null' }] })])),
      typespecs: rows({ type: 'string', nullable: true, pattern: `^${SPECS}(,${SPECS})*$` }),
    },
  };
}

const mapValues = (value: Json, change: (each: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));

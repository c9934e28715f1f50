import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { OperationName } from './operations.ts';
import { OPERATIONS } from './operations.ts';
import { failure } from './schemas/shapes.ts';
import type { Fault } from './verdict.ts';

/** What a set of schemas has against the body of an answer. */
export interface AnswerJudge {
  faults(operation: OperationName, body: unknown): readonly Fault[];
}

const LONGEST = 120;
const FAULTS_MAX = 5;

const SECRETS = ['access_token', 'refresh_token'];

/** A value as a person can read it in one line; reports are passed on, and say no token. */
export function shown(value: unknown): string {
  const whole = JSON.stringify(value, (key, each: unknown) => (SECRETS.includes(key) ? '…' : each)) ?? 'nothing';
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}

const at = (path: string, body: unknown): unknown =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);

const wanted = ({ keyword, message, params }: ErrorObject): string => {
  if (keyword === 'enum') return `one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  if (keyword === 'additionalProperties')
    return `no field "${(params as { additionalProperty: string }).additionalProperty}"`;
  return message ?? keyword;
};

/** ajv's findings about one body, as faults; those that name the choice between schemas say nothing themselves. */
export function schemaFaults(errors: readonly ErrorObject[], body: unknown): readonly Fault[] {
  const telling = errors.filter(({ keyword }) => !['anyOf', 'oneOf', 'if'].includes(keyword));
  return (telling.length > 0 ? telling : errors).slice(0, FAULTS_MAX).map((error) => ({
    expected: `${error.instancePath.slice(1) || 'the answer'}: ${wanted(error)}`,
    got: shown(at(error.instancePath, body)),
  }));
}

/** The suite's own schemas, written from the contract and not from any server. */
export class OwnSchemas implements AnswerJudge {
  private readonly ajv = new Ajv({ allErrors: true, strictTypes: false });
  private readonly validators = new Map<OperationName | 'failure', ValidateFunction>();

  faults(operation: OperationName, body: unknown): readonly Fault[] {
    const validate = isFailure(body) ? this.of('failure', failure) : this.of(operation, OPERATIONS[operation].schema);
    return validate(body) ? [] : schemaFaults(validate.errors ?? [], body);
  }

  private of(name: OperationName | 'failure', schema: object): ValidateFunction {
    const known = this.validators.get(name);
    if (known) return known;
    const made = this.ajv.compile(schema);
    this.validators.set(name, made);
    return made;
  }
}

export const isFailure = (body: unknown): boolean => (body as { s?: unknown } | null)?.s === 'error';

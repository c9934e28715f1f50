import type { Type } from '@nestjs/common';
import type { z } from 'zod';

export type HttpRoute = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** What a method of a controller returns, as the compiler knows it. */
export interface Returned {
  readonly controller: Type;
  readonly method: string;
}

export const returned = <Controller extends object>(
  controller: Type<Controller>,
  method: keyof Controller & string,
): Returned => ({ controller, method });

/** A schema that validates, a class of form fields that does, or what the compiler holds a controller to. */
export type HttpShape = z.ZodType | Type | Returned;

export interface HttpAnswer {
  readonly meaning: string;
  /** Media type; `application/json` where nothing is said. */
  readonly type?: string;
  /** None is an empty body, or one that is no JSON. */
  readonly shape?: HttpShape;
}

/** One address by one method: who may ask, what they say, and what they hear. */
export interface HttpOperation {
  readonly summary: string;
  /** Under which heading it stands. */
  readonly group: string;
  /** A name among the API's `access`; null lets anybody in. */
  readonly access: string | null;
  readonly query?: readonly HttpShape[];
  readonly body?: HttpShape;
  /** By status. */
  readonly answers: Readonly<Record<number, HttpAnswer>>;
}

/** Whatever a service answers over HTTP: the table that its OpenAPI document is made of. */
export interface HttpApi {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** Where it is under `npm start`. */
  readonly server: string;
  /** Media type of bodies. */
  readonly bodyType: string;
  /** How callers show who they are, as OpenAPI writes it. */
  readonly access: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What fields of forms, queries and paths mean whose own shape does not say so, by name. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** Schemas of answers that have a name of their own in the document. */
  readonly names: Readonly<Record<string, z.ZodType>>;
  readonly operations: Readonly<Record<HttpRoute, HttpOperation>>;
}

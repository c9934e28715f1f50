import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import type { Route } from '@core/tradingview/wire/routes';

/** TradingView's own description of its API, where `TV_OPENAPI` names a copy; we keep none. */
export class OfficialDocument {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<Route, ValidateFunction>();

  private static known: OfficialDocument | null = null;

  private constructor(document: object) {
    this.ajv.addSchema(document, 'document');
  }

  /** One for all of a file's tests. */
  static find(): OfficialDocument | null {
    const path = process.env.TV_OPENAPI;
    if (!path) return null;
    OfficialDocument.known ??= new OfficialDocument(JSON.parse(readFileSync(path, 'utf8')) as object);
    return OfficialDocument.known;
  }

  /** What the document has against an answer, in ajv's words; empty is nothing. */
  faults(route: Route, answer: unknown): string {
    const validate = this.validatorOf(route);
    return validate(answer) ? '' : this.ajv.errorsText(validate.errors);
  }

  private validatorOf(route: Route): ValidateFunction {
    const known = this.validators.get(route);
    if (known) return known;
    const [method = '', path = ''] = route.split(' ');
    const pointer = ['paths', path, method.toLowerCase(), 'responses', '200', 'content', 'application/json', 'schema']
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const made = this.ajv.compile({ $ref: `document#/${pointer}` });
    this.validators.set(route, made);
    return made;
  }
}

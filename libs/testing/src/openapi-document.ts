import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import type { FastifyInstance } from 'fastify';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Response {
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Operation {
  /** Where it stands in the document. */
  readonly place: readonly string[];
  readonly responses: Readonly<Record<string, Response>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Pick<Operation, 'responses'>>>>>;

const DOCS = join(__dirname, '../../../docs');
const JSON_TYPE = 'application/json';

/** `GET /accounts/{}/orders`: what parts of an address are called is each side's own. */
const routeOf = (method: string, path: string): string =>
  `${method.toUpperCase()} ${path.replace(/\{\w+\}|:\w+/g, '{}')}`;

/** What an app's generated description says of its answers. */
export class OpenApiDocument {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly operations: ReadonlyMap<string, Operation>;
  private static readonly known = new Map<string, OpenApiDocument>();

  private constructor(app: string) {
    const document = parse(readFileSync(join(DOCS, `${app}.openapi.yaml`), 'utf8')) as { readonly paths: Paths };
    this.ajv.addSchema(document, 'document');
    this.operations = new Map(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { responses }]) => [
          routeOf(method, path),
          { place: ['paths', path, method, 'responses'], responses },
        ]),
      ),
    );
  }

  static find(app: string): OpenApiDocument | null {
    return existsSync(join(DOCS, `${app}.openapi.yaml`)) ? OpenApiDocument.of(app) : null;
  }

  /** One of each for all of a file's tests: reading it and making its validators takes longer than most of them. */
  static of(app: string): OpenApiDocument {
    const known = OpenApiDocument.known.get(app) ?? new OpenApiDocument(app);
    OpenApiDocument.known.set(app, known);
    return known;
  }

  /** `GET /accounts/{}/orders`, sorted. */
  get routes(): readonly string[] {
    return [...this.operations.keys()].toSorted();
  }

  /** The route that a request's address is of; null where it is none of the document's. */
  routeAt(method: string, path: string): string | null {
    const parts = path.split('/');
    const isAt = (route: string): boolean => {
      const [of, template = ''] = route.split(' ');
      const named = template.split('/');
      const isSame = (part: string, index: number): boolean => part === '{}' || part === parts[index];
      return of === method.toUpperCase() && named.length === parts.length && named.every(isSame);
    };
    const found = this.routes.filter(isAt);
    // A word in its place is meant before a name that stands for any.
    return found.toSorted((one, other) => one.split('{}').length - other.split('{}').length)[0] ?? null;
  }

  /** What it has against an answer in JSON; empty is nothing. */
  faults(route: string, status: number, body: unknown): string {
    const operation = this.operations.get(route);
    if (operation?.responses[status]?.content?.[JSON_TYPE] === undefined)
      return `${route} answers ${status} with JSON, which is not documented`;
    const validate = this.validatorOf([...operation.place, String(status)]);
    return validate(body) ? '' : `${route} answers ${status}: ${this.ajv.errorsText(validate.errors)}`;
  }

  private validatorOf(response: readonly string[]): ValidateFunction {
    const pointer = [...response, 'content', JSON_TYPE, 'schema']
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const known = this.validators.get(pointer);
    if (known) return known;
    const made = this.ajv.compile({ $ref: `document#/${pointer}` });
    this.validators.set(pointer, made);
    return made;
  }
}

/** What a server serves and says, held to its document. Made before the server has its routes. */
export class DocumentedServer {
  readonly faults = new Set<string>();
  private readonly routes = new Set<string>();

  constructor(
    readonly document: OpenApiDocument,
    server: FastifyInstance,
  ) {
    server.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat())
        if (each !== 'HEAD' && each !== 'OPTIONS') this.routes.add(routeOf(each, url));
    });
    server.addHook('onSend', (request, reply, payload, done) => {
      const { url } = request.routeOptions;
      const isJson = String(reply.getHeader('content-type')).startsWith(JSON_TYPE);
      if (url !== undefined && isJson && (typeof payload === 'string' || Buffer.isBuffer(payload)))
        this.hear(routeOf(request.method, url), reply.statusCode, String(payload));
      done();
    });
  }

  /** What it serves, as the document's own `routes`. */
  get served(): readonly string[] {
    return [...this.routes].toSorted();
  }

  private hear(route: string, status: number, body: string): void {
    if (!this.routes.has(route)) return;
    const fault = this.document.faults(route, status, JSON.parse(body));
    if (fault !== '') this.faults.add(fault);
  }
}

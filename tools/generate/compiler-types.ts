import type { Returned } from '@core/service/http-api';
import ts from 'typescript';
import { join } from 'node:path';
import { ROOT } from '../check/command.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Shapes of what the compiler holds our code to, as JSON Schema: an object says what its type says and nothing else. */
export class CompilerTypes {
  /** What has a name, of the answer that is looked at. */
  private named: Record<string, Schema> = {};
  private origins = new Map<string, ts.Symbol | undefined>();
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;

  /** `known` are schemas of types that are told otherwise, by the names of the types. */
  constructor(
    files: readonly string[],
    private readonly known: Readonly<Record<string, Schema>>,
  ) {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
    this.program = ts.createProgram(files, options);
    this.checker = this.program.getTypeChecker();
  }

  /**
   * What a method gives, and what of it has a name: references lead to `#/components/schemas/…`.
   * Throws for a method that is not there, for what JSON has no word for, and where one name is two types.
   */
  returned({ controller, method }: Returned): { readonly schema: Schema; readonly named: Record<string, Schema> } {
    const type = this.checker.getReturnTypeOfSignature(this.methodOf(controller.name, method));
    this.named = {};
    this.origins = new Map();
    return { schema: this.schemaOf(this.checker.getAwaitedType(type) ?? type), named: this.named };
  }

  private methodOf(className: string, method: string): ts.Signature {
    for (const file of this.program.getSourceFiles())
      for (const statement of file.isDeclarationFile ? [] : file.statements) {
        if (!ts.isClassDeclaration(statement) || statement.name?.text !== className) continue;
        const member = statement.members.find((each) => each.name?.getText(file) === method);
        const signature = member && ts.isMethodDeclaration(member) && this.checker.getSignatureFromDeclaration(member);
        if (signature) return signature;
      }
    throw new Error(`there is no method ${className}.${method}`);
  }

  private schemaOf(type: ts.Type): Schema {
    const name = nameOf(type);
    if (name === null) return this.inline(type);
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const origin = this.origins.get(name) ?? symbol;
    if (origin !== symbol) throw new Error(`two types of the same document are called ${name}`);
    if (!(name in this.named)) {
      this.origins.set(name, symbol);
      this.named[name] = {}; // taken, for types that hold themselves
      this.named[name] = this.known[name] ?? this.inline(type);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private inline(type: ts.Type): Schema {
    const { checker } = this;
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.isUnion()) return this.union(type.types);
    if (checker.isTupleType(type)) return this.tuple(checker.getTypeArguments(type as ts.TypeReference));
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item ? this.schemaOf(item) : {} };
    }
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.object(type);
    throw new Error(`JSON has no word for ${checker.typeToString(type)}`);
  }

  private union(all: readonly ts.Type[]): Schema {
    const types = all.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const words = types.flatMap((type) => (type.isStringLiteral() ? [type.value] : []));
    const flags = types.filter((type) => type.flags & ts.TypeFlags.BooleanLiteral);
    const rest = types.filter((type) => !type.isStringLiteral() && (flags.length < 2 || !flags.includes(type)));
    const schemas = [
      ...(words.length > 0 ? [{ type: 'string', enum: words }] : []),
      ...(flags.length === 2 ? [{ type: 'boolean' }] : []),
      ...rest.map((type) => this.schemaOf(type)),
    ];
    return schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
  }

  private tuple(items: readonly ts.Type[]): Schema {
    const { length } = items;
    return {
      ...{ type: 'array', prefixItems: items.map((item) => this.schemaOf(item)) },
      ...{ minItems: length, maxItems: length },
    };
  }

  private object(type: ts.Type): Schema {
    const properties = type.getProperties().map((property): readonly [string, Schema, boolean] => {
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return [property.name, this.property(property), isOptional];
    });
    const values = this.checker.getIndexInfosOfType(type)[0]?.type;
    return {
      type: 'object',
      ...(properties.length > 0 && {
        properties: Object.fromEntries(properties.map(([name, schema]) => [name, schema])),
        required: properties.flatMap(([name, , isOptional]) => (isOptional ? [] : [name])),
      }),
      additionalProperties: values ? this.schemaOf(values) : false,
    };
  }

  private property(property: ts.Symbol): Schema {
    const schema = this.schemaOf(this.checker.getTypeOfSymbol(property));
    const description = ts.displayPartsToString(property.getDocumentationComment(this.checker)).replaceAll('\n', ' ');
    return description === '' ? schema : { ...schema, description };
  }
}

/** An interface's or an alias's; what is anonymous, generic or the language's own stands where it is used. */
function nameOf(type: ts.Type): string | null {
  const symbol = type.aliasSymbol ?? type.getSymbol();
  if (!symbol || type.aliasTypeArguments?.length) return null;
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0;
  if (!type.aliasSymbol && !(isObject && symbol.flags & ts.SymbolFlags.Interface)) return null;
  const [declared] = symbol.declarations ?? [];
  return declared && !declared.getSourceFile().isDeclarationFile ? symbol.name : null;
}

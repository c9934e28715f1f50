import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * What the comment above each `message('Name', …)` or `event('Name', …)` of a contract file says, by name.
 * The catalogue takes its sentences from where engineers write them.
 */
export function messageComments(file: string): ReadonlyMap<string, string> {
  const text = readFileSync(file, 'utf8');
  const comments = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    const name = messageName(node);
    if (name !== undefined) comments.set(name, commentAbove(text, node));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  return comments;
}

const MAKERS: ReadonlySet<string> = new Set(['message', 'event']);

function messageName(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || !MAKERS.has(node.expression.text)) return;
  const [name] = node.arguments;
  return name && ts.isStringLiteral(name) ? name.text : undefined;
}

function commentAbove(text: string, node: ts.Node): string {
  const comment = ts.getLeadingCommentRanges(text, node.getFullStart())?.at(-1);
  if (!comment) return '';
  return text
    .slice(comment.pos, comment.end)
    .replace(/^\/\*\*?|\*\/$|^\/\//g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .filter((line) => line !== '')
    .join(' ');
}

/**
 * Where in a document an operation stands while the text around it is edited. It knows ranges and edits.
 */
import * as vscode from "vscode";

/** The range after these changes; an edit inside it grows or shrinks it. */
export function followed(range: vscode.Range, changes: readonly vscode.TextDocumentContentChangeEvent[]): vscode.Range {
  // Changes of one event are independent; from the last to the first, none moves another's place.
  const backwards = changes.toSorted((a, b) => b.range.start.compareTo(a.range.start));
  return backwards.reduce(
    (now, change) => new vscode.Range(moved(now.start, change, false), moved(now.end, change, true)),
    range,
  );
}

function moved(
  at: vscode.Position,
  { range, text }: vscode.TextDocumentContentChangeEvent,
  isEnd: boolean,
): vscode.Position {
  if (isEnd ? range.start.isAfterOrEqual(at) && !range.start.isEqual(at) : range.start.isAfterOrEqual(at)) return at;
  const lines = text.split("\n");
  const last = (lines.at(-1) ?? "").length;
  const line = range.start.line + lines.length - 1;
  const end = new vscode.Position(line, lines.length === 1 ? range.start.character + last : last);
  if (range.end.isAfter(at)) return isEnd ? end : range.start;
  const character = at.line === range.end.line ? end.character + at.character - range.end.character : at.character;
  return new vscode.Position(at.line + end.line - range.end.line, character);
}

/** Lowers imports and binds the names that they bring. */
import type { ImportedName, Stmt } from "../program/syntax.ts";
import type { Lowering } from "./lowering.ts";
import { bind, childOfType, fieldOf, fieldsOf, nameOf, spanOf, textOf } from "./lowering.ts";
import { dottedText } from "./names.ts";
import type { SyntaxNode } from "./tree.ts";

export function lowerImport(lower: Lowering, node: SyntaxNode): Stmt {
  const names = importedNames(lower, node);
  // `import torch.nn` binds only `torch`.
  for (const { name, alias } of names) bind(lower, alias ?? name.replace(/\..*$/, ""));
  return { kind: "import", span: spanOf(node), names };
}

export function lowerImportFrom(lower: Lowering, node: SyntaxNode): Stmt {
  const span = spanOf(node);
  const { module, level } = sourceOf(lower, node);
  if (childOfType(node, "wildcard_import") !== null) return { kind: "import-from", span, module, level, names: "*" };
  const names = importedNames(lower, node);
  for (const { name, alias } of names) bind(lower, alias ?? name);
  return { kind: "import-from", span, module, level, names };
}

function sourceOf(lower: Lowering, node: SyntaxNode): { module: string; level: number } {
  if (node.type === "future_import_statement") return { module: "__future__", level: 0 };
  const source = fieldOf(node, "module_name");
  if (source === null) return { module: "", level: 0 };
  if (source.type === "dotted_name") return { module: dottedText(lower, source), level: 0 };
  const prefix = childOfType(source, "import_prefix");
  const name = childOfType(source, "dotted_name");
  const level = prefix === null ? 0 : textOf(lower, prefix).replace(/[^.]/g, "").length;
  return { module: name === null ? "" : dottedText(lower, name), level };
}

function importedNames(lower: Lowering, node: SyntaxNode): readonly ImportedName[] {
  return fieldsOf(node, "name").flatMap((child) => {
    const source = child.type === "aliased_import" ? fieldOf(child, "name") : child;
    const alias = child.type === "aliased_import" ? fieldOf(child, "alias") : null;
    const name = source === null ? "" : dottedText(lower, source);
    if (name === "") return [];
    return [{ span: spanOf(child), name, alias: alias === null ? null : nameOf(lower, alias) }];
  });
}

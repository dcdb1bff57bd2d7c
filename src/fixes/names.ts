/** Which names a function reads although nothing in its file binds them. It knows programs only. */
import type { Stmt, Target } from "../program/syntax.ts";
import { functionAround, type Node, type Scope, type Tree } from "./tree.ts";

/** Names that are called are left out: they may be Python's own. */
export function unboundNames(tree: Tree, { place: { scope } }: Node): readonly string[] {
  const own = functionAround(scope);
  const bound = new Set([...boundAround(scope), ...tree.statements.flatMap(boundAtTop)]);
  const names = tree.nodes.flatMap(({ expr, parent, place }) => {
    const isCallee = parent?.expr.kind === "call" && parent.expr.callee === expr;
    return expr.kind === "name" && !isCallee && functionAround(place.scope) === own ? [expr.id] : [];
  });
  return [...new Set(names)].filter((name) => !bound.has(name));
}

function boundAround(scope: Scope): readonly string[] {
  const { definition, outer } = scope;
  const own =
    definition?.kind === "function" ? [...definition.locals, ...definition.parameters.map(({ name }) => name)] : [];
  return outer === null ? own : [...own, ...boundAround(outer)];
}

function boundAtTop({ statement, scope }: Tree["statements"][number]): readonly string[] {
  return functionAround(scope) === null ? boundBy(statement) : [];
}

function boundBy(statement: Stmt): readonly string[] {
  switch (statement.kind) {
    case "function":
    case "class":
      return [statement.name];
    case "import":
      return statement.names.map(({ name, alias }) => alias ?? name.split(".")[0] ?? name);
    case "import-from":
      return statement.names === "*" ? [] : statement.names.map(({ name, alias }) => alias ?? name);
    case "assign":
      return statement.targets.flatMap(namesIn);
    case "for":
    case "augmented-assign":
    case "declare":
      return namesIn(statement.target);
    case "with":
      return statement.items.flatMap(({ target }) => (target === null ? [] : namesIn(target)));
    default:
      return [];
  }
}

/** The names that an assignment to a target binds. */
export function namesIn(target: Target): readonly string[] {
  switch (target.kind) {
    case "name":
      return [target.id];
    case "spread":
      return namesIn(target.value as Target);
    case "sequence":
      return target.items.flatMap((item) => namesIn(item as Target));
    default:
      return [];
  }
}

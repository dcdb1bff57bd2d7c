/** Renders program forms as short text, so that a test can state the whole meaning of a statement in a line. */
import type { Argument, Expr, Parameter, Pattern, Program, Stmt } from "../../src/program/syntax.ts";

export function showProgram(program: Program): string {
  return program.chunks.map(({ unit }) => showBody(unit.body)).join("; ");
}

function showBody(body: readonly Stmt[]): string {
  return body.map(showStatement).join("; ");
}

function block(body: readonly Stmt[]): string {
  return `{${showBody(body)}}`;
}

function otherwise(body: readonly Stmt[]): string {
  return body.length === 0 ? "" : ` else ${block(body)}`;
}

export function showStatement(s: Stmt): string {
  switch (s.kind) {
    case "function": {
      const marks = `${s.async ? "async " : ""}${s.generator ? "generator " : ""}`;
      const returns = s.returns === null ? "" : ` -> ${showExpr(s.returns)}`;
      const head = `${decorated(s.decorators)}${marks}def ${s.name}(${showParameters(s.parameters)})${returns}`;
      return `${head} [${s.locals.join(" ")}] ${block(s.body)}`;
    }
    case "class":
      return `${decorated(s.decorators)}class ${s.name}(${s.bases.map(showArgument).join(", ")}) ${block(s.body)}`;
    case "expression":
      return showExpr(s.value);
    case "assign": {
      const annotation = s.annotation === null ? "" : `: ${showExpr(s.annotation)}`;
      return `${s.targets.map(showExpr).join(" = ")}${annotation} = ${showExpr(s.value)}`;
    }
    case "augmented-assign":
      return `${showExpr(s.target)} ${s.operator}= ${showExpr(s.value)}`;
    case "declare":
      return `${showExpr(s.target)}: ${showExpr(s.annotation)}`;
    case "return":
    case "raise":
      return s.value === null ? s.kind : `${s.kind} ${showExpr(s.value)}`;
    case "if":
      return `if ${showExpr(s.test)} ${block(s.then)}${otherwise(s.otherwise)}`;
    case "while":
      return `while ${showExpr(s.test)} ${block(s.body)}${otherwise(s.otherwise)}`;
    case "for": {
      const head = `${s.async ? "async " : ""}for ${showExpr(s.target)} in ${showExpr(s.iterable)}`;
      return `${head} ${block(s.body)}${otherwise(s.otherwise)}`;
    }
    case "try": {
      const handlers = s.handlers.map(
        ({ type, name, body }) => ` except ${type === null ? "" : showExpr(type)} as ${name} ${block(body)}`,
      );
      return `try ${block(s.body)}${handlers.join("")}${otherwise(s.otherwise)} finally ${block(s.finally)}`;
    }
    case "with": {
      const items = s.items.map(
        ({ value, target }) => showExpr(value) + (target === null ? "" : ` as ${showExpr(target)}`),
      );
      return `with ${items.join(", ")} ${block(s.body)}`;
    }
    case "match": {
      const cases = s.cases.map(({ pattern, guard, body }) => {
        return ` case ${showPattern(pattern)}${guard === null ? "" : ` if ${showExpr(guard)}`} ${block(body)}`;
      });
      return `match ${showExpr(s.subject)}${cases.join("")}`;
    }
    case "import":
      return `import ${s.names.map(showImported).join(", ")}`;
    case "import-from":
      return `from ${".".repeat(s.level)}${s.module} import ${s.names === "*" ? "*" : s.names.map(showImported).join(", ")}`;
    case "assert":
      return `assert ${showExpr(s.test)}${s.message === null ? "" : `, ${showExpr(s.message)}`}`;
    case "delete":
      return `del ${s.targets.map(showExpr).join(", ")}`;
    case "global":
    case "nonlocal":
      return `${s.kind} ${s.names.join(", ")}`;
    case "pass":
    case "break":
    case "continue":
      return s.kind;
    case "unreadable":
      return `?[${s.binds.join(" ")}](${s.children.map(showExpr).join(", ")})`;
    default:
      s satisfies never;
      return "";
  }
}

function decorated(decorators: readonly Expr[]): string {
  return decorators.map((decorator) => `@${showExpr(decorator)} `).join("");
}

function showImported({ name, alias }: { readonly name: string; readonly alias: string | null }): string {
  return alias === null ? name : `${name} as ${alias}`;
}

function showParameters(parameters: readonly Parameter[]): string {
  const marks = { "positional-only": "/", normal: "", "keyword-only": "!", rest: "*", keywords: "**" } as const;
  return parameters
    .map((p) => {
      const annotation = p.annotation === null ? "" : `: ${showExpr(p.annotation)}`;
      return `${marks[p.kind]}${p.name}${annotation}${p.default === null ? "" : `=${showExpr(p.default)}`}`;
    })
    .join(", ");
}

function showArgument({ name, spread, value }: Argument): string {
  const mark = name !== null ? `${name}=` : spread === null ? "" : spread === "list" ? "*" : "**";
  return mark + showExpr(value);
}

function showExpr(e: Expr): string {
  switch (e.kind) {
    case "name":
      return e.id;
    case "literal":
      return "value" in e.value
        ? JSON.stringify(e.value.value) + (e.value.type === "float" ? "f" : "")
        : `<${e.value.type}>`;
    case "attribute":
      return `${showExpr(e.object)}.${e.name}`;
    case "call":
      return `${showExpr(e.callee)}(${e.args.map(showArgument).join(", ")})`;
    case "index":
      return `${showExpr(e.object)}[${showExpr(e.index)}]`;
    case "slice":
      return [e.lower, e.upper, e.step].map((part) => (part === null ? "" : showExpr(part))).join(":");
    case "binary":
      return `(${showExpr(e.left)} ${e.operator} ${showExpr(e.right)})`;
    case "unary":
      return `(${e.operator} ${showExpr(e.operand)})`;
    case "compare":
      return `(${showExpr(e.first)}${e.rest.map((r) => ` ${r.comparator} ${showExpr(r.operand)}`).join("")})`;
    case "logical":
      return `(${showExpr(e.left)} ${e.operator} ${showExpr(e.right)})`;
    case "conditional":
      return `(${showExpr(e.then)} if ${showExpr(e.test)} else ${showExpr(e.otherwise)})`;
    case "sequence":
      return `${e.type}(${e.items.map(showExpr).join(", ")})`;
    case "dictionary":
      return `dict(${e.entries.map(({ key, value }) => `${key === null ? "**" : `${showExpr(key)}: `}${showExpr(value)}`).join(", ")})`;
    case "comprehension": {
      const element = showExpr(e.element) + (e.value === null ? "" : `: ${showExpr(e.value)}`);
      const clauses = e.clauses.map(({ target, iterable, conditions }) => {
        return ` for ${showExpr(target)} in ${showExpr(iterable)}${conditions.map((c) => ` if ${showExpr(c)}`).join("")}`;
      });
      return `${e.type}<${element}${clauses.join("")}>`;
    }
    case "lambda":
      return `lambda(${showParameters(e.parameters)}) ${showExpr(e.body)}`;
    case "interpolation":
      return `f<${e.parts.map((part) => ("text" in part ? JSON.stringify(part.text) : showExpr(part.value))).join(" ")}>`;
    case "spread":
      return `*${showExpr(e.value)}`;
    case "assignment":
      return `(${e.target.id} := ${showExpr(e.value)})`;
    case "await":
      return `await ${showExpr(e.value)}`;
    case "yield":
      return `yield${e.from ? " from" : ""}${e.value === null ? "" : ` ${showExpr(e.value)}`}`;
    case "unreadable":
      return `?(${e.children.map(showExpr).join(", ")})`;
    default:
      e satisfies never;
      return "";
  }
}

function showPattern(p: Pattern): string {
  switch (p.kind) {
    case "value":
      return showExpr(p.value);
    case "capture":
      return p.name === null ? "_" : `$${p.name.id}`;
    case "sequence":
      return `[${p.items.map(showPattern).join(", ")}]`;
    case "star":
      return `*${p.name === null ? "_" : p.name.id}`;
    case "mapping": {
      const entries = p.entries.map(({ key, value }) => `${showExpr(key)}: ${showPattern(value)}`);
      return `{${[...entries, ...(p.rest === null ? [] : [`**${p.rest.id}`])].join(", ")}}`;
    }
    case "class": {
      const named = p.named.map(({ name, value }) => `${name}=${showPattern(value)}`);
      return `${showExpr(p.type)}(${[...p.positional.map(showPattern), ...named].join(", ")})`;
    }
    case "or":
      return p.alternatives.map(showPattern).join(" | ");
    case "as":
      return `${showPattern(p.pattern)} as ${p.name.id}`;
    default:
      p satisfies never;
      return "";
  }
}

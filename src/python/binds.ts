/**
 * Guesses which names an unreadable statement may bind, from its words alone: too many is safe,
 * too few would let a stale shape survive.
 */

const TOKEN =
  /[^\W\d]\w*|[=!<>]=|:=|(?:[-+*/%@&|^]|\*\*|\/\/|<<|>>)?=|"[^"\n]*"|'[^'\n]*'|#[^\n]*|\d[\w.]*|\.|[^\s]|\n/gu;
const IS_NAME = /^[^\W\d]\w*$/u;
const BINDS_NEXT = new Set(["def", "class", "as", "import", "del", "for", "global", "nonlocal", "from"]);
const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

export function boundNames(source: string): readonly string[] {
  const bound = new Set<string>();
  let pending: string[] = [];
  let taking = false;
  let depth = 0;
  let previous = "";
  for (const [token] of source.matchAll(TOKEN)) {
    if (token === "\n" || token === ";") {
      pending = [];
      taking = taking && depth > 0;
    } else if ("([{".includes(token)) {
      depth += 1;
    } else if (")]}".includes(token)) {
      depth = Math.max(0, depth - 1);
    } else if (BINDS_NEXT.has(token)) {
      taking = true;
    } else if (token === "in" || token === ":" || (KEYWORDS.has(token) && token !== "async")) {
      taking = false;
    } else if (IS_NAME.test(token)) {
      if (previous !== ".") (taking ? (name: string) => bound.add(name) : (name: string) => pending.push(name))(token);
    } else if (/^(?::|[-+*/%@&|^<>]*)=$/.test(token) && !/^[<>]=$/.test(token)) {
      // Inside brackets `name=` is a keyword argument, unless the bracket was never meant to be open.
      for (const name of pending) bound.add(name);
      pending = [];
    }
    previous = token;
  }
  return [...bound];
}

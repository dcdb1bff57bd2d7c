/**
 * Reads the signature that a declaration writes as one line of text, and binds arguments to it the way
 * Python does. It knows parameters and values, no shapes.
 *
 * `input: tensor, dim|axis: axis = None, *, keepdim: bool = False` is Python's own form with these additions:
 * a parameter without a kind takes a tensor; `dim|axis` accepts either keyword; `axis as dim` is called
 * `axis` by Python and `dim` by the rule; `*size: ints` and `**options` gather the rest.
 */
import { bool, float, int, none, tuple, unknown } from "./datum.ts";
import type { Bound, OperatorParameter, ParameterKind } from "./operator.ts";
import type { Datum } from "./value.ts";

export interface Signature {
  readonly parameters: readonly OperatorParameter[];
  /** From the name that Python knows to the name that the rule reads. */
  readonly ruleNames: ReadonlyMap<string, string>;
  /** The other way round. */
  readonly spelling: ReadonlyMap<string, string>;
}

export function parseSignature(text: string): Signature {
  const parameters: OperatorParameter[] = [];
  const ruleNames = new Map<string, string>();
  let keywordOnly = false;
  for (const part of splitTopLevel(text)) {
    if (part === "/") {
      parameters.forEach((parameter, i) => (parameters[i] = { ...parameter, passing: "positional-only" }));
    } else if (part === "*") {
      keywordOnly = true;
    } else {
      const { parameter, ruleName } = parseParameter(part, keywordOnly);
      parameters.push(parameter);
      ruleNames.set(parameter.name, ruleName);
      keywordOnly ||= parameter.passing === "rest";
    }
  }
  return { parameters, ruleNames, spelling: new Map([...ruleNames].map(([python, rule]) => [rule, python])) };
}

export function bindArguments(
  parameters: readonly OperatorParameter[],
  positional: readonly Datum[],
  named: ReadonlyMap<string, Datum>,
): Bound | { readonly mismatch: string } {
  const bound = new Map<string, Datum>();
  const rest = parameters.find((parameter) => parameter.passing === "rest");
  const takers = parameters.filter(({ passing }) => passing === "normal" || passing === "positional-only");
  positional.slice(0, takers.length).forEach((value, i) => bound.set(takers[i]?.name ?? "", value));
  const surplus = positional.slice(takers.length);
  if (surplus.length > 0 && rest === undefined) {
    return { mismatch: `takes at most ${takers.length} arguments but gets ${positional.length}` };
  }
  if (rest !== undefined) bound.set(rest.name, tuple(surplus));
  const problem = bindNamed(parameters, bound, named, surplus.length > 0);
  if (problem !== null) return { mismatch: problem };
  for (const parameter of parameters) {
    if (bound.has(parameter.name)) continue;
    if (parameter.passing === "keywords") bound.set(parameter.name, none);
    else if (parameter.default !== undefined) bound.set(parameter.name, parameter.default);
    else return { mismatch: `misses its argument \`${parameter.name}\`` };
  }
  return bound;
}

function bindNamed(
  parameters: readonly OperatorParameter[],
  bound: Map<string, Datum>,
  named: ReadonlyMap<string, Datum>,
  restFilled: boolean,
): string | null {
  const keywords = parameters.find((parameter) => parameter.passing === "keywords");
  const options = new Map<string, Datum>();
  for (const [key, value] of named) {
    const parameter = parameters.find(
      (one) =>
        one.passing !== "keywords" &&
        one.passing !== "positional-only" &&
        (one.name === key || one.aliases?.includes(key)),
    );
    if (parameter === undefined) {
      if (keywords === undefined) return `takes no argument \`${key}\``;
      options.set(key, value);
    } else if (parameter.passing === "rest") {
      if (restFilled) return `gets \`${key}\` twice`;
      bound.set(parameter.name, tuple([value]));
    } else if (bound.has(parameter.name)) {
      return `gets \`${key}\` twice`;
    } else {
      bound.set(parameter.name, value);
    }
  }
  if (keywords !== undefined && options.size > 0) {
    bound.set(keywords.name, { kind: "record", name: keywords.name, fields: options });
  }
  return null;
}

const KINDS: ReadonlySet<string> = new Set<ParameterKind>([
  "tensor",
  "tensors",
  "int",
  "ints",
  "axis",
  "axes",
  "float",
  "bool",
  "string",
  "dtype",
  "any",
]);

function isKind(text: string): text is ParameterKind {
  return KINDS.has(text);
}

function parseParameter(text: string, keywordOnly: boolean): { parameter: OperatorParameter; ruleName: string } {
  const match = /^(\*{0,2})(\w+)((?:\|\w+)*)(?:\s+as\s+(\w+))?(?::\s*(\w+))?(?:\s*=\s*(.+))?$/.exec(text);
  const [, stars = "", name = "", aliases = "", ruleName = name, kind = "tensor", fallback] = match ?? [];
  if (match === null || !isKind(kind)) throw new Error(`A signature has a parameter that cannot be read: ${text}`);
  const passing = stars === "**" ? "keywords" : stars === "*" ? "rest" : keywordOnly ? "keyword-only" : "normal";
  const parameter: OperatorParameter = {
    name,
    kind: passing === "keywords" ? "any" : kind,
    default: fallback === undefined ? undefined : parseDefault(fallback),
    passing,
    ...(aliases === "" ? {} : { aliases: aliases.slice(1).split("|") }),
  };
  return { parameter, ruleName };
}

function parseDefault(text: string): Datum {
  const quoted = /^"(.*)"$/.exec(text);
  if (quoted !== null) return { kind: "string", value: quoted[1] ?? "" };
  if (text.startsWith("(")) return tuple(splitTopLevel(text.slice(1, -1)).map(parseDefault));
  if (text === "None") return none;
  if (text === "True" || text === "False") return bool(text === "True");
  if (/^-?\d+$/.test(text)) return int(Number(text));
  const number = Number(text);
  return Number.isNaN(number) ? unknown : float(number);
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const character = text[i];
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (i < text.length && (character !== "," || depth > 0)) continue;
    const part = text.slice(start, i).trim();
    if (part !== "") parts.push(part);
    start = i + 1;
  }
  return parts;
}

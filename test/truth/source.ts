/**
 * Writes recorded calls as the Python that a person would have written: a tensor becomes `torch.ones(…)`, a method
 * is called on its tensor, an operator stands between its operands. It knows the notation of the recordings.
 */
import { libraryOfCase, type Case } from "./decode.ts";

/** The call as an expression, or null where the recording holds something that has no text. */
export function sourceOf(one: Case): string | null {
  try {
    return one.layer === undefined ? callText(one) : layerText(one);
  } catch (error) {
    if (error instanceof Unwritable) return null;
    throw error;
  }
}

class Unwritable extends Error {}

function callText(one: Case): string {
  const name = one.op ?? "";
  const library = libraryOfCase(one);
  const values = one.args.map((value) => valueText(value, library));
  const named = Object.entries(one.named ?? {}).map(([key, value]) => `${key}=${valueText(value, library)}`);
  if (name.startsWith("operator.")) return operatorText(name.slice("operator.".length), values, one, library);
  const update = /^jax\.Array\.at\.(\w+)$/.exec(name)?.[1];
  if (update !== undefined)
    return `${values[0]}.at[${subscriptText(one.args[1], library)}].${update}(${[...values.slice(2), ...named].join(", ")})`;
  const method = /^(?:torch\.Tensor|numpy\.ndarray|jax\.Array)\.(\w+)$/.exec(name)?.[1];
  if (method === undefined) return `${moduleName(name)}(${[...values, ...named].join(", ")})`;
  const [self = "", ...rest] = values;
  return `${self}.${method}(${[...rest, ...named].join(", ")})`;
}

function moduleName(name: string): string {
  if (name.startsWith("numpy.random.Generator."))
    return name.replace("numpy.random.Generator", "np.random.default_rng()");
  return name
    .replace(/^numpy\./, "np.")
    .replace(/^jax\.numpy\./, "jnp.")
    .replace(/^torch\.nn\.functional\./, "F.");
}

function operatorText(symbol: string, values: readonly string[], one: Case, library: string): string {
  const [a = "", b = ""] = values;
  if (symbol === "[]") return `${a}[${subscriptText(one.args[1], library)}]`;
  if (symbol === "unary-" || symbol === "unary+") return `${symbol.slice(5)}${a}`;
  if (symbol === "~") return `~${a}`;
  if (/^[^=<>!].*=$/.test(symbol) || symbol === "<<=" || symbol === ">>=") throw new Unwritable();
  return `${a} ${symbol} ${b}`;
}

function layerText(one: Case): string {
  const made = (one.make ?? []).map((value) => valueText(value, "torch"));
  const options = Object.entries(one.options ?? {}).map(([key, value]) => `${key}=${valueText(value, "torch")}`);
  const given = one.args.map((value) => valueText(value, "torch"));
  const named = Object.entries(one.named ?? {}).map(([key, value]) => `${key}=${valueText(value, "torch")}`);
  const name = (one.layer ?? "").replace("torch.nn.", "nn.");
  return `${name}(${[...made, ...options].join(", ")})(${[...given, ...named].join(", ")})`;
}

function subscriptText(value: unknown, library: string): string {
  const inner = tagged(value);
  if (inner?.[0] === "t" && Array.isArray(inner[1]) && inner[1].length > 0)
    return `${inner[1].map((item: unknown) => indexText(item, library)).join(", ")}${inner[1].length === 1 ? "," : ""}`;
  return indexText(value, library);
}

function indexText(value: unknown, library: string): string {
  const inner = tagged(value);
  if (inner?.[0] !== "l" || !Array.isArray(inner[1])) return valueText(value, library);
  const [lower, upper, step] = inner[1].map((bound: unknown) => (bound === null ? "" : valueText(bound, library)));
  return `${lower}:${upper}${step === "" ? "" : `:${step}`}`;
}

function valueText(value: unknown, library: string): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return tensorText(value, library);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return value < 0 ? `(${value})` : String(value);
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, library)).join(", ")}]`;
  return taggedText(value, library);
}

function taggedText(value: unknown, library: string): string {
  const [key, inner] = tagged(value) ?? ["o", null];
  const items = Array.isArray(inner) ? inner.map((item: unknown) => valueText(item, library)) : [];
  if (key === "t") return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
  if (key === "f") return typeof inner === "number" ? floatText(inner) : 'float("nan")';
  if (key === "c") return "1j";
  if (key === "s") return JSON.stringify(inner);
  if (key === "e") return "...";
  if (key === "l") return `slice(${items.join(", ")})`;
  if (key === "d") return `${moduleOf(library)}.${String(inner)}`;
  throw new Unwritable();
}

function floatText(value: number): string {
  const text = String(value);
  const whole = /^-?\d+$/.test(text) ? `${text}.0` : text;
  return value < 0 ? `(${whole})` : whole;
}

function tagged(value: unknown): readonly [string, unknown] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.entries(value)[0] ?? null;
}

function tensorText(text: string, library: string): string {
  const [, dtype = "", weak = "", sizes = ""] = /^(\w+)(~?)\[(.*)\]$/.exec(text) ?? [];
  const module = moduleOf(library);
  const shape = `(${sizes}${sizes === "" || sizes.includes(",") ? "" : ","})`;
  if (dtype === "key") return keyText(sizes);
  if (weak !== "") return `jnp.full(${shape}, ${dtype.startsWith("float") ? "1.0" : "1"})`;
  const named = module !== "torch" && dtype === "bool" ? `${module}.bool_` : `${module}.${dtype}`;
  return `${module}.ones(${shape}, dtype=${named})`;
}

function keyText(sizes: string): string {
  if (sizes !== "") throw new Unwritable();
  return "jax.random.key(0)";
}

function moduleOf(library: string): string {
  return library === "numpy" ? "np" : library === "jax" ? "jnp" : "torch";
}

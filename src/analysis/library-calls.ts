/**
 * Calls of library names: layers and operators go to the catalogue; functions of the standard library
 * and of torch that handle functions, classes or objects rather than tensors have an entry here.
 * A library function that is not known may have changed what it was given.
 */
import { importByName } from "./imports.ts";
import { knownHarmless, lookupConstant, lookupOperator, type Rounding } from "../ops/index.ts";
import type { Expr } from "../program/syntax.ts";
import { asNumber, constant, product, unknownDim, unknownShape } from "../shapes/index.ts";
import { AUTOCAST, makeAutocast } from "./autocast.ts";
import { type CallArguments, callUnknown, callValue, plainArguments } from "./calls.ts";
import { makeParser } from "./command-line.ts";
import { dictOf } from "./builtins.ts";
import { deepCopy, shallowCopy } from "./copies.ts";
import { assume } from "./conditions.ts";
import { fromDatum } from "./data.ts";
import { dataLoader, randomSplit, subset, tensorDataset } from "./data-loaders.ts";
import { callDeclared } from "./declared.ts";
import { asDict, asTupleOfFields, fieldList, namedTupleClass, replaceFields } from "./fields.ts";
import { NULL_CONTEXT } from "./flow.ts";
import { iterate } from "./iteration.ts";
import { ITERATORS } from "./iterators.ts";
import { OPERATORS } from "./operator-functions.ts";
import { applyOperator } from "./library.ts";
import type { Machine } from "./machine.ts";
import { isModuleClass, makeModule } from "./nn.ts";
import { roundedFloat, roundedValue } from "./quotient.ts";
import { SCANS } from "./scans.ts";
import { argumentsFor } from "./sources.ts";
import { TRANSFORMS } from "./transforms.ts";
import { NONE, SOME_FLOAT, tupleOf, UNKNOWN, type Value } from "./value.ts";

type LibraryCall = (m: Machine, args: CallArguments, expr: Expr) => Value;

export function callLibrary(m: Machine, name: string, args: CallArguments, expr: Expr): Value {
  if (m.patched.has(name)) return callUnknown(m, args);
  const declared = m.declared.functions.size === 0 ? null : callDeclared(m, name, args, expr);
  if (declared !== null) return declared;
  if (AUTOCAST.has(name)) return makeAutocast(args);
  const special = CALLS[name] ?? ITERATORS[name] ?? OPERATORS[name] ?? TRANSFORMS[name] ?? SCANS[name];
  if (special !== undefined) return special(m, args, expr);
  if (INITIALISERS.test(name)) return isPlain(args) ? { kind: "library", name: INITIALISER } : UNKNOWN;
  if (isModuleClass(name)) return isPatched(m, name) ? callUnknown(m, args) : makeModule(m, name, args, expr);
  const how = ROUNDED[name];
  const whole = how === undefined ? null : roundedFloat(m, how, args.positional[0]);
  if (whole !== null) return whole;
  if (lookupOperator(name) !== null) {
    if (args.open) return UNKNOWN;
    const { positional, named } = argumentsFor(args);
    return applyOperator(m, name, positional, named, expr);
  }
  if (name.startsWith("math.")) return mathCall(m, name.slice(5), args);
  if (lookupConstant(name) !== null) return fromDatum(lookupConstant(name) ?? { kind: "unknown" });
  return knownHarmless(name) || HARMLESS.test(name) ? UNKNOWN : callUnknown(m, args);
}

/** Whether the program has given a class of layers another way to work. */
function isPatched(m: Machine, name: string): boolean {
  return m.patched.size > 0 && ["forward", "__call__", "__init__"].some((method) => m.patched.has(`${name}.${method}`));
}

const ROUNDED: Readonly<Record<string, Rounding>> = { "numpy.floor": "floor", "numpy.ceil": "ceil" };
/** What makes functions of a key and a shape; the type can be given to the maker or to what it makes. */
const INITIALISERS =
  /^jax\.nn\.initializers\.(?:constant|delta_orthogonal|(?:glorot|he|kaiming|lecun|xavier)_(?:normal|uniform)|normal|orthogonal|truncated_normal|uniform|variance_scaling)$/;
const INITIALISER = "jax.nn.initializers.Initializer";

function isPlain(args: CallArguments): boolean {
  const typed = args.named.has("dtype") || args.positional.some(({ kind }) => kind === "dtype" || kind === "unknown");
  return !args.open && !typed;
}

/** Modules whose functions only look at what they are given. */
const HARMLESS =
  /^(time|datetime|logging|warnings|os|sys|pathlib|json|re|random|argparse|typing|collections\.abc|inspect|gc|platform|tqdm|matplotlib|torch\.(cuda|backends|manual_seed|utils\.tensorboard|profiler|distributions)|numpy\.random\.seed|numpy\.testing|sklearn\.(datasets|metrics))(\.|$)/;

const MATH_FLOATS: Readonly<Record<string, (x: number, y: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  pow: Math.pow,
  fabs: Math.abs,
};

function mathCall(m: Machine, name: string, args: CallArguments): Value {
  const numbers = args.positional.map((value) =>
    value.kind === "float" ? value.value : value.kind === "int" ? asNumber(m.solver.dim(value.value)) : null,
  );
  const [x, y] = numbers;
  if (name === "trunc") return roundedValue(m, "trunc", args.positional[0] ?? UNKNOWN);
  if (name === "prod") return prodOf(m, args);
  if (name === "isqrt" && typeof x === "number") return { kind: "int", value: constant(Math.floor(Math.sqrt(x))) };
  if (name === "gcd" && typeof x === "number" && typeof y === "number")
    return { kind: "int", value: constant(gcd(x, y)) };
  if (name === "gcd" || name === "comb" || name === "factorial" || name === "isqrt")
    return { kind: "int", value: unknownDim() };
  const float = MATH_FLOATS[name];
  if (float === undefined || typeof x !== "number" || (name === "log" && args.positional.length > 1)) return SOME_FLOAT;
  const result = float(x, y ?? 0);
  return { kind: "float", value: Number.isFinite(result) ? result : null };
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

function prodOf(m: Machine, args: CallArguments): Value {
  const [value] = args.positional;
  const all = value === undefined ? null : iterate(m, value);
  const dims =
    all !== null && all.exact ? all.elements.flatMap((element) => (element.kind === "int" ? [element.value] : [])) : [];
  return all !== null && all.exact && dims.length === all.elements.length
    ? { kind: "int", value: product(dims) }
    : UNKNOWN;
}

/** Gives back its first argument: wrappers that change no shape. */
const same: LibraryCall = (_m, args) => args.positional[0] ?? args.named.values().next().value ?? UNKNOWN;

const CALLS: Readonly<Record<string, LibraryCall>> = {
  "torch.set_default_dtype": (m) => ((m.otherDefaultFloat = true), NONE),
  "torch.set_default_tensor_type": (m) => ((m.otherDefaultFloat = true), NONE),
  "jax.config.update": (m, args) => {
    const [name] = args.positional;
    if (name?.kind !== "string" || name.value === null || name.value === "jax_enable_x64") m.jaxIn64Bits = true;
    return NONE;
  },
  "jax.enable_x64": (m) => ((m.jaxIn64Bits = true), UNKNOWN),
  "jax.experimental.enable_x64": (m) => ((m.jaxIn64Bits = true), UNKNOWN),
  "einops.parse_shape": (m, args, expr) => {
    const { positional, named } = argumentsFor(args);
    const value = applyOperator(m, "einops.parse_shape", positional, named, expr);
    if (value.kind !== "record") return value;
    return { kind: "dict", entries: new Map([...value.fields].map(([key, size]) => [`s:${key}`, size])) };
  },
  "importlib.import_module": (m, args) => importByName(m, args),
  "torch._check": (m, _args, expr) => (assumeArgument(m, expr), NONE),
  "torch._assert": (m, _args, expr) => (assumeArgument(m, expr), NONE),
  "torch.compile": same,
  "torch.jit.script": same,
  "torch.no_grad": () => NONE,
  "torch.inference_mode": () => NONE,
  "torch.enable_grad": () => NONE,
  "torch.set_grad_enabled": () => NONE,
  "contextlib.nullcontext": (_m, args) => {
    const value = args.positional[0] ?? args.named.get("enter_result") ?? NONE;
    return args.open ? UNKNOWN : { kind: "record", name: NULL_CONTEXT, fields: new Map([["enter_result", value]]) };
  },
  "torch.nn.DataParallel": same,
  "torch.nn.utils.weight_norm": same,
  "torch.nn.utils.spectral_norm": same,
  "torch.nn.utils.parametrizations.weight_norm": same,
  "torch.nn.utils.parametrizations.spectral_norm": same,
  "torch.nn.Parameter": (_m, args) => parameterOf(args),
  "torch.nn.parameter.Parameter": (_m, args) => parameterOf(args),
  "torch.nn.Buffer": (_m, args) => parameterOf(args),
  "torch.nn.parameter.Buffer": (_m, args) => parameterOf(args),
  "torch.autograd.Variable": same,
  "torch.Size": (m, args) => {
    const all = args.positional[0] === undefined ? null : iterate(m, args.positional[0]);
    return all !== null && all.exact ? tupleOf(all.elements) : UNKNOWN;
  },
  "torch.utils.checkpoint.checkpoint": (m, args, expr) => {
    const [callee = UNKNOWN, ...rest] = args.positional;
    return callValue(m, callee, plainArguments(...rest), expr);
  },
  "torch.nn.Embedding.from_pretrained": (m, args, expr) => embeddingFrom(m, args, expr),
  "torch.utils.data.TensorDataset": (m, args) => tensorDataset(m, args),
  "torch.utils.data.Subset": (m, args, expr) => subset(m, args, expr),
  "torch.utils.data.random_split": (m, args, expr) => randomSplit(m, args, expr),
  "torch.utils.data.DataLoader": (m, args, expr) => dataLoader(m, args, expr),
  "torch.is_tensor": (_m, args) => {
    const kind = args.positional[0]?.kind;
    return {
      kind: "bool",
      value: kind === "tensor" ? true : kind === "unknown" || kind === "variable" || kind === undefined ? null : false,
    };
  },
  "torch.cuda.is_available": () => ({ kind: "bool", value: null }),
  "torch.device": () => UNKNOWN,
  "copy.deepcopy": (m, args) => deepCopy(m, args.positional[0] ?? UNKNOWN),
  "copy.copy": (m, args) => shallowCopy(m, args.positional[0] ?? UNKNOWN),
  "functools.partial": (_m, args) => {
    const [callee = UNKNOWN, ...rest] = args.positional;
    return args.open ? UNKNOWN : { kind: "partial", callee, args: rest, named: args.named };
  },
  "functools.wraps": () => ({ kind: "builtin", name: "identity" }),
  "collections.OrderedDict": (m, args) => dictOf(m, args),
  "collections.defaultdict": () => ({ kind: "dict", entries: new Map([["*", UNKNOWN]]) }),
  "collections.namedtuple": (m, args) => namedTupleClass(m, args),
  "types.SimpleNamespace": (m, args) => namespace(m, args),
  "argparse.ArgumentParser": (m, args) => makeParser(m, args),
  "argparse.Namespace": (m, args) => namespace(m, args),
  "dataclasses.field": (_m, args) => ({ kind: "record", name: "dataclasses.field", fields: args.named }),
  "dataclasses.asdict": (m, args) => asDict(m, args.positional[0] ?? UNKNOWN),
  "dataclasses.astuple": (m, args) => asTupleOfFields(m, args.positional[0] ?? UNKNOWN),
  "dataclasses.fields": (_m, args) => fieldList(args.positional[0] ?? UNKNOWN),
  "dataclasses.replace": (m, args, expr) => replaceFields(m, args, expr),
  "typing.cast": (_m, args) => args.positional[1] ?? UNKNOWN,
  "tqdm.tqdm": same,
  "tqdm.trange": (_m, args) => rangeOf(args),
  "tqdm.auto.tqdm": same,
  "tqdm.notebook.tqdm": same,
  "numpy.random.default_rng": () => ({ kind: "library", name: "numpy.random.Generator" }),
  "numpy.random.RandomState": () => ({ kind: "library", name: "numpy.random" }),
  "torch.Generator": () => UNKNOWN,
};

/** What a check that comes back has found to hold. */
function assumeArgument(m: Machine, expr: Expr): void {
  const test = expr.kind === "call" ? expr.args[0]?.value : undefined;
  if (test !== undefined) assume(m, test, true);
}

/** An embedding with a given table, whose sizes and type are those of the layer. */
function embeddingFrom(m: Machine, args: CallArguments, expr: Expr): Value {
  const table = args.positional[0] ?? args.named.get("embeddings");
  const shape = table?.kind === "tensor" ? m.solver.shape(table.shape) : null;
  const [count, width] = shape?.dims ?? [];
  const known = table?.kind === "tensor" && table.dtype !== null && shape?.lead === null && shape.dims.length === 2;
  if (args.open || !known || count === undefined || width === undefined || table.dtype === null) return UNKNOWN;
  const sizes = [count, width].map((value): Value => ({ kind: "int", value }));
  const named = new Map<string, Value>([["dtype", { kind: "dtype", dtype: table.dtype }]]);
  return makeModule(m, "torch.nn.Embedding", { ...plainArguments(...sizes), named }, expr);
}

function rangeOf(args: CallArguments): Value {
  const [stop] = args.positional;
  return stop?.kind === "int" ? { kind: "range", start: constant(0), stop: stop.value, step: constant(1) } : UNKNOWN;
}

function parameterOf(args: CallArguments): Value {
  const value = args.positional[0] ?? args.named.get("data");
  if (value?.kind === "tensor")
    return { kind: "tensor", shape: value.shape, dtype: value.dtype, library: value.library };
  return value === undefined ? UNKNOWN : { kind: "tensor", shape: unknownShape(), dtype: null, library: "torch" };
}

function namespace(m: Machine, args: CallArguments): Value {
  return {
    kind: "instance",
    id: m.nextInstance(),
    class: null,
    library: "types.SimpleNamespace",
    attributes: new Map(args.named),
    core: new Map(),
    state: args.open ? new Map([["open", true]]) : new Map(),
  };
}

/**
 * Names of the libraries that are no calls to shape: constants and element types, and callables that matter
 * to no shape (optimisers, seeds, saving, data loaders). It knows names only.
 */
import { dtypeConstant } from "./dtype-names.ts";
import { float, none } from "./datum.ts";
import type { Datum } from "./value.ts";

const VALUES: Readonly<Record<string, number>> = {
  "math.pi": Math.PI,
  "math.e": Math.E,
  "math.tau": 2 * Math.PI,
  "numpy.pi": Math.PI,
  "numpy.e": Math.E,
  "numpy.euler_gamma": 0.5772156649015329,
  "torch.pi": Math.PI,
  "torch.e": Math.E,
};

const NOT_FINITE: ReadonlySet<string> = new Set([
  ...["inf", "nan", "Inf", "NaN", "infty", "PINF", "NINF"].map((name) => `numpy.${name}`),
  "torch.inf",
  "torch.nan",
  "math.inf",
  "math.nan",
]);

function ofJax(constant: Datum | null): Datum | null {
  return constant?.kind === "dtype" ? { ...constant, library: "jax" } : constant;
}

export function lookupConstant(name: string): Datum | null {
  if (name.startsWith("jax.numpy.")) return ofJax(lookupConstant(name.slice("jax.".length)));
  const value = VALUES[name];
  if (value !== undefined) return float(value);
  if (NOT_FINITE.has(name)) return float();
  if (name === "numpy.newaxis") return none;
  const dtype = dtypeConstant(name);
  return dtype === null ? null : { kind: "dtype", dtype };
}

/** Modules whose functions are looked up by name. */
export const MODULES: readonly string[] = [
  "torch",
  "torch.nn",
  "torch.nn.functional",
  "torch.nn.init",
  "torch.nn.utils",
  "torch.nn.utils.rnn",
  "torch.linalg",
  "torch.fft",
  "torch.special",
  "torch.optim",
  "torch.testing",
  "torch.utils",
  "torch.utils.data",
  "torch.cuda",
  "torch.backends",
  "torch.distributed",
  "torch.autograd",
  "torch.random",
  "torch.functional",
  "jax",
  "jax.lax",
  "jax.nn",
  "jax.nn.initializers",
  "jax.numpy",
  "jax.numpy.fft",
  "jax.numpy.linalg",
  "jax.random",
  "jax.scipy",
  "jax.scipy.special",
  "jax.tree",
  "jax.tree_util",
  "numpy",
  "numpy.linalg",
  "numpy.random",
  "numpy.fft",
  "math",
  "einops",
  "einops.layers",
  "einops.layers.torch",
];

/** Beginnings of names that only report, configure, store or train. */
const HARMLESS_PREFIXES: readonly string[] = [
  "torch.optim.",
  "torch.cuda.",
  "torch.backends.",
  "torch.mps.",
  "torch.profiler.",
  "torch.utils.data.",
  "torch.utils.tensorboard.",
  "torch.amp.",
  "torch.distributed.",
  "torch.multiprocessing.",
  "torch.jit.",
  "torch.hub.",
  "torch.serialization.",
  "torch.onnx.",
  "torch.autograd.",
  "torch.nn.utils.clip_grad",
  "torch.random.",
  "numpy.testing.",
  "jax.config.",
  "jax.debug.",
  "jax.devices",
  "jax.profiler.",
  "jax.sharding.",
  "logging.",
  "warnings.",
  "time.",
  "os.",
  "sys.",
  "matplotlib.",
  "tqdm.",
  "wandb.",
];

const HARMLESS: ReadonlySet<string> = new Set([
  ...[
    "manual_seed",
    "seed",
    "initial_seed",
    "get_rng_state",
    "set_rng_state",
    "save",
    "load",
    "no_grad",
    "enable_grad",
    "inference_mode",
    "set_grad_enabled",
    "is_grad_enabled",
    "set_default_device",
    "set_printoptions",
    "set_num_threads",
    "get_num_threads",
    "use_deterministic_algorithms",
    "set_float32_matmul_precision",
    "device",
    "compile",
    "autocast",
    "get_default_dtype",
    "Generator",
    "is_tensor",
    "finfo",
    "iinfo",
    "Size",
    "are_deterministic_algorithms_enabled",
    "is_deterministic_algorithms_warn_only_enabled",
    "get_deterministic_debug_mode",
    "set_deterministic_debug_mode",
    "get_default_device",
    "get_device",
    "get_device_module",
    "get_float32_matmul_precision",
    "get_num_interop_threads",
    "set_num_interop_threads",
    "init_num_threads",
    "get_autocast_dtype",
    "set_autocast_dtype",
    "is_autocast_enabled",
    "set_autocast_enabled",
    "is_autocast_cache_enabled",
    "set_autocast_cache_enabled",
    "clear_autocast_cache",
    "is_anomaly_enabled",
    "set_anomaly_enabled",
    "is_inference_mode_enabled",
    "is_inference",
    "is_conj",
    "is_neg",
    "is_distributed",
    "is_storage",
    "is_warn_always_enabled",
    "set_warn_always",
    "set_flush_denormal",
    "typename",
  ].map((name) => `torch.${name}`),
  ...["seed", "RandomState", "default_rng", "get_state", "set_state"].map((name) => `numpy.random.${name}`),
  ...["set_printoptions", "seterr", "errstate", "finfo", "iinfo", "dtype", "printoptions", "get_printoptions"].map(
    (name) => `numpy.${name}`,
  ),
  ...[
    "backward",
    "register_hook",
    "register_post_accumulate_grad_hook",
    "retain_grad",
    "requires_grad_",
    "stride",
    "dim_order",
    "storage",
    "untyped_storage",
    "storage_type",
    "record_stream",
    "is_coalesced",
    "is_conj",
    "is_distributed",
    "is_inference",
    "is_neg",
    "is_set_to",
    "is_shared",
    "sparse_dim",
    "dense_dim",
    "const_data_ptr",
    "reinforce",
  ].map((name) => `torch.Tensor.${name}`),
  ...["print", "isinstance", "hasattr", "id", "repr", "str", "type", "format"].map((name) => `builtins.${name}`),
]);

/** True for callables that neither change their arguments' shapes nor give a tensor that anyone could know. */
export function knownHarmless(name: string): boolean {
  return HARMLESS.has(name) || HARMLESS_PREFIXES.some((prefix) => name.startsWith(prefix));
}

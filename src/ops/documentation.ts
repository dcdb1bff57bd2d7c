/**
 * Where the libraries document a name: PyTorch, NumPy and JAX generate one page for each function, so the
 * address follows from the name. It knows addresses only, relative to each documentation's root.
 */
import type { Operator } from "./operator.ts";

/** Roots to which the relative addresses belong. */
export const DOCUMENTATION_ROOTS = {
  torch: "https://docs.pytorch.org/docs/stable/",
  numpy: "https://numpy.org/doc/stable/",
  jax: "https://docs.jax.dev/en/latest/",
  python: "https://docs.python.org/3/",
} as const;

/** The methods of all universal functions are documented once. */
const UFUNC = /^jax\.numpy\.\w+\.(reduce|accumulate|outer|at)$/;

export function documentationOf(names: readonly string[]): Operator["docs"] {
  const functions = names.find((name) => name.startsWith("torch.") && !name.startsWith("torch.Tensor."));
  const torch = functions ?? names.find((name) => name.startsWith("torch."));
  const numpy =
    names.find((name) => name.startsWith("numpy.") && !name.startsWith("numpy.ndarray.")) ??
    names.find((name) => name.startsWith("numpy."));
  const jax =
    names.find((name) => name.startsWith("jax.") && !name.startsWith("jax.Array.")) ??
    names.find((name) => name.startsWith("jax."));
  const python = names.find((name) => name.startsWith("math."));
  return {
    ...(torch === undefined ? {} : { torch: `generated/${torch}.html` }),
    ...(numpy === undefined
      ? {}
      : { numpy: `reference/${numpy.includes(".random.") ? "random/" : ""}generated/${numpy}.html` }),
    ...(jax === undefined ? {} : { jax: `_autosummary/${jax.replace(UFUNC, "jax.numpy.ufunc.$1")}.html` }),
    ...(python === undefined ? {} : { python: `library/math.html#${python}` }),
  };
}

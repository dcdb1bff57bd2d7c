/**
 * The usual spellings of one operator, so that a declaration names it once: `inTorch("exp")` is the
 * function, the method and the method that writes in place. It knows the libraries' habits, no operators.
 */

/** `torch.exp`, `torch.Tensor.exp`. */
export function inTorch(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`torch.${name}`, `torch.Tensor.${name}`]);
}

/** `torch.Tensor.exp_`. */
function inPlace(...names: readonly string[]): readonly string[] {
  return names.map((name) => `torch.Tensor.${name}_`);
}

/** `torch.exp`, `torch.Tensor.exp`, `torch.Tensor.exp_`. */
export function alsoInPlace(...names: readonly string[]): readonly string[] {
  return [...inTorch(...names), ...inPlace(...names)];
}

/** The same and `torch.exp_`, which PyTorch has of most functions of one operand. */
export function inEveryForm(...names: readonly string[]): readonly string[] {
  return [...alsoInPlace(...names), ...names.map((name) => `torch.${name}_`)];
}

/** `torch.view_copy`: the copying twin of an operator that gives a view. */
export function copyOf(...names: readonly string[]): readonly string[] {
  return names.map((name) => `torch.${name}_copy`);
}

export function inFunctional(...names: readonly string[]): readonly string[] {
  return names.map((name) => `torch.nn.functional.${name}`);
}

export function inNumpy(...names: readonly string[]): readonly string[] {
  return names.map((name) => `numpy.${name}`);
}

/** `numpy.sum`, `numpy.ndarray.sum`. */
export function inArray(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`numpy.${name}`, `numpy.ndarray.${name}`]);
}

/** `operator.+`, `operator.+=`. */
export function withAssignment(symbol: string): readonly string[] {
  return [`operator.${symbol}`, `operator.${symbol}=`];
}

/** `jax.nn.relu`. */
export function inJaxNn(...names: readonly string[]): readonly string[] {
  return names.map((name) => `jax.nn.${name}`);
}

/** `jax.lax.exp`. */
export function inLax(...names: readonly string[]): readonly string[] {
  return names.map((name) => `jax.lax.${name}`);
}

/** `jax.random.normal`. */
export function inJaxRandom(...names: readonly string[]): readonly string[] {
  return names.map((name) => `jax.random.${name}`);
}

/**
 * Where the libraries document a name: most generate one page for each function, so the address follows from
 * the name. It knows addresses only, relative to each documentation's root.
 */

/** Roots to which the relative addresses belong. */
export const DOCUMENTATION_ROOTS = {
  torch: "https://docs.pytorch.org/docs/stable/",
  jax: "https://docs.jax.dev/en/latest/",
  numpy: "https://numpy.org/doc/stable/",
  einops: "https://einops.rocks/",
  python: "https://docs.python.org/3/",
} as const;

type Documented = keyof typeof DOCUMENTATION_ROOTS;

/** Pages by library, each relative to the root of its documentation. */
export type Documentation = Readonly<Partial<Record<Documented, string>>>;

/** The pages about some names of a declaration. Python's operators have those of the functions declared beside them. */
export function documentationOf(names: readonly string[], declared: readonly string[]): Documentation {
  const libraries: readonly Documented[] = ["torch", "jax", "numpy", "einops"];
  const pages = [names, declared].map((some) =>
    libraries.flatMap((library) => {
      const name = bestOf(some.filter((each) => each.startsWith(`${library}.`)));
      return name === undefined ? [] : [[library, PAGES[library](name)] as const];
    }),
  );
  const found = pages.find(({ length }) => length > 0) ?? [];
  const own = found.length > 0 ? undefined : names[0];
  return Object.fromEntries(own === undefined ? found : [["python", PAGES.python(own)]]);
}

/** Functions have fuller pages than the methods of the same name. */
function bestOf(names: readonly string[]): string | undefined {
  return names.find((name) => !/^(?:torch\.Tensor|numpy\.ndarray|jax\.Array)\./.test(name)) ?? names[0];
}

/** The methods of all universal functions are documented once. */
const UFUNC = /^jax\.numpy\.\w+\.(reduce|accumulate|outer|at)$/;

const PAGES: Readonly<Record<Documented, (name: string) => string>> = {
  torch: (name) => {
    const [, module] = /^torch\.(special|nn\.init)\./.exec(name) ?? [];
    if (module !== undefined) return `${module}.html#${name}`;
    return name === "torch.Tensor" ? `tensors.html#${name}` : `generated/${name}.html`;
  },
  jax: (name) => `_autosummary/${name.replace(UFUNC, "jax.numpy.ufunc.$1")}.html`,
  numpy: (name) => `reference/${name.includes(".random.") ? "random/" : ""}generated/${name}.html`,
  einops: (name) => {
    const page = (name.split(".").at(-1) ?? "").toLowerCase();
    if (page === "einmix") return "3-einmix-layer/";
    return `api/${page === "pack" || page === "unpack" ? "pack_unpack" : page}/`;
  },
  python: (name) => {
    if (name.startsWith("math.")) return `library/math.html#${name}`;
    if (name.startsWith("builtins.")) return `library/functions.html#${name.slice("builtins.".length)}`;
    return "reference/expressions.html";
  },
};

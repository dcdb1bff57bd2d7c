/**
 * Addresses of the libraries' own documentation. It knows the roots; the pages are the operators' own.
 */
import type { Operation } from "../analysis/result.ts";

const ROOTS = {
  torch: "https://docs.pytorch.org/docs/stable/",
  numpy: "https://numpy.org/doc/stable/",
  python: "https://docs.python.org/3/",
} as const;

export interface Page {
  readonly label: string;
  readonly address: string;
}

/** The pages about an operation, the library that was called first. */
export function pagesOf(operation: Operation): readonly Page[] {
  const called = operation.name.split(".")[0];
  const libraries = (["torch", "numpy", "python"] as const).filter((library) => operation.docs[library] !== undefined);
  const own = libraries.filter((library) => library === called);
  return (own.length > 0 ? own : libraries).map((library) => pageOf(library, operation.docs[library] ?? ""));
}

function pageOf(library: keyof typeof ROOTS, page: string): Page {
  const address = /^https?:/.test(page) ? page : ROOTS[library] + page;
  return { label: labelOf(page, library), address };
}

/** `generated/torch.matmul.html` is about `torch.matmul`. */
function labelOf(page: string, library: string): string {
  const fragment = page.split("#")[1];
  const file =
    page
      .split("#")[0]
      ?.split("/")
      .at(-1)
      ?.replace(/\.html$/, "") ?? "";
  return fragment ?? (file === "" ? library : file);
}

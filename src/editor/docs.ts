/**
 * Addresses of the libraries' own documentation. It knows which page to show; the addresses are the catalogue's.
 */
import type { Operation } from "../analysis/result.ts";
import { DOCUMENTATION_ROOTS } from "../ops/documentation.ts";

export interface Page {
  readonly label: string;
  readonly address: string;
}

const LIBRARIES = Object.keys(DOCUMENTATION_ROOTS) as readonly (keyof typeof DOCUMENTATION_ROOTS)[];

/** The pages about an operation: those of the library that was called, or else of the one that the file imports. */
export function pagesOf(operation: Operation, text: string): readonly Page[] {
  const { docs } = operation;
  const documented = LIBRARIES.filter((library) => docs[library] !== undefined);
  const called = documented.filter((library) => operation.name.startsWith(`${library}.`));
  const imported = documented.filter((library) => new RegExp(`^\\s*(?:import|from)\\s+${library}\\b`, "m").test(text));
  const chosen = [called, imported, documented].find(({ length }) => length > 0) ?? [];
  return chosen.slice(0, 1).map((library) => pageOf(library, docs[library] ?? ""));
}

function pageOf(library: keyof typeof DOCUMENTATION_ROOTS, page: string): Page {
  const address = /^https?:/.test(page) ? page : DOCUMENTATION_ROOTS[library] + page;
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

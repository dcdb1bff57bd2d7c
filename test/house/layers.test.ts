// The direction of knowledge, as ARCHITECTURE.md draws it: who may import whom, and which packages each layer may use.
import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";
import { projectFiles } from "./files.ts";

interface Layer {
  /** The layers that it may import. */
  readonly from: readonly string[];
  /** The packages that it may import, `node:` meaning all of Node's own. */
  readonly packages: readonly string[];
}

const layers: Readonly<Record<string, Layer>> = {
  "src/shapes": { from: [], packages: [] },
  "src/program": { from: [], packages: [] },
  "src/ops": { from: ["src/shapes"], packages: [] },
  "src/python": { from: ["src/program"], packages: ["web-tree-sitter"] },
  "src/analysis": { from: ["src/shapes", "src/ops", "src/program"], packages: [] },
  "src/editor": { from: ["src/shapes", "src/ops", "src/program", "src/analysis"], packages: [] },
  "src/fixes": { from: ["src/shapes", "src/ops", "src/program", "src/analysis", "src/editor"], packages: [] },
  "src/playground": { from: ["src/shapes"], packages: ["valibot"] },
  "src/server": {
    from: [
      "src/shapes",
      "src/ops",
      "src/program",
      "src/python",
      "src/analysis",
      "src/editor",
      "src/fixes",
      "src/playground",
    ],
    packages: ["vscode-languageserver", "vscode-languageserver-textdocument", "node:"],
  },
  "src/cli": {
    from: ["src/shapes", "src/ops", "src/program", "src/python", "src/analysis", "src/editor", "src/fixes"],
    packages: ["node:"],
  },
  "src/extension": { from: ["src/playground"], packages: ["vscode", "vscode-languageclient", "valibot", "node:"] },
  webview: {
    from: ["src/shapes", "src/playground", "kernels"],
    packages: ["lit", "valibot"],
  },
  kernels: { from: [], packages: [] },
};

/** The one file of the server that the client reads too: the types of the messages between them. */
const shared = ["src/server/protocol.ts"];

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly target: string;
}

const statement =
  /^(?:import|export)\s[^;"']*?from\s*["']([^"']+)["']|^import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;
const layerOf = (path: string): string | undefined => Object.keys(layers).find((layer) => path.startsWith(`${layer}/`));

const imports: readonly Import[] = projectFiles((path) => /\.tsx?$/.test(path)).flatMap(({ path, text }) => {
  const layer = layerOf(path);
  if (layer === undefined) return [];
  return [...text.matchAll(statement)].map((match) => {
    const [target = ""] = match.slice(1).filter((group) => group !== undefined);
    return { file: path, layer, target };
  });
});

const isRelative = ({ target }: Import): boolean => target.startsWith(".");

test("every directory of the sources is a layer that the table names", () => {
  const unnamed = projectFiles((path) => /^src\/.+\.ts$/.test(path)).filter(({ path }) => layerOf(path) === undefined);
  expect(unnamed.map(({ path }) => path)).toEqual([]);
});

test("a layer imports only what lies below it", () => {
  const upward = imports.filter(isRelative).filter(({ file, layer, target }) => {
    const path = join(dirname(file), target);
    const to = layerOf(path);
    return to !== layer && !shared.includes(path) && (to === undefined || !layers[layer]?.from.includes(to));
  });
  expect(upward.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("a layer uses only the packages that it is granted", () => {
  const foreign = imports
    .filter((each) => !isRelative(each))
    .filter(({ layer, target }) => {
      const granted = layers[layer]?.packages ?? [];
      return !granted.some((name) => target === name || target.startsWith(name === "node:" ? name : `${name}/`));
    });
  expect(foreign.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("Node is met only in the entries that run there", () => {
  const node = imports.filter(({ target }) => target.startsWith("node:") || target.endsWith("/node"));
  const browser = node.filter(({ file }) => file.startsWith("src/") && /browser|worker/.test(file));
  expect(browser.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

// Where an import finds its file, as Python would when the program is started at the root or beside the file.
import { expect, test } from "vitest";
import { parentOf, resolveImport, type Folders } from "../../src/editor/index.ts";

function tree(...files: readonly string[]): Folders {
  return { isFile: (path) => files.includes(path), rootOf: () => "/repo", segment: (name) => name };
}

test("a neighbour, and a package with its `__init__`", () => {
  const folders = tree("/repo/train.py", "/repo/model.py", "/repo/blocks/__init__.py", "/repo/blocks/mlp.py");
  expect(resolveImport(folders, "/repo/train.py", "model", 0)).toBe("/repo/model.py");
  expect(resolveImport(folders, "/repo/train.py", "blocks", 0)).toBe("/repo/blocks/__init__.py");
  expect(resolveImport(folders, "/repo/train.py", "blocks.mlp", 0)).toBe("/repo/blocks/mlp.py");
  expect(resolveImport(folders, "/repo/train.py", "torch", 0)).toBeNull();
});

test("leading dots count from the file's own folder", () => {
  const folders = tree("/repo/a/__init__.py", "/repo/a/b/__init__.py", "/repo/a/b/c.py", "/repo/a/d.py");
  expect(resolveImport(folders, "/repo/a/b/c.py", "", 1)).toBe("/repo/a/b/__init__.py");
  expect(resolveImport(folders, "/repo/a/b/c.py", "d", 2)).toBe("/repo/a/d.py");
  expect(resolveImport(folders, "/repo/a/b/c.py", "d", 1)).toBeNull();
});

test("inside a package, what lies around it comes before a file of the same name within", () => {
  const folders = tree("/repo/pkg/__init__.py", "/repo/pkg/model.py", "/repo/pkg/utils.py", "/repo/utils.py");
  expect(resolveImport(folders, "/repo/pkg/model.py", "utils", 0)).toBe("/repo/utils.py");
});

test("a script in a folder that is no package sees its neighbours first", () => {
  const folders = tree("/repo/scripts/run.py", "/repo/scripts/utils.py", "/repo/utils.py", "/repo/lib.py");
  expect(resolveImport(folders, "/repo/scripts/run.py", "utils", 0)).toBe("/repo/scripts/utils.py");
  expect(resolveImport(folders, "/repo/scripts/run.py", "lib", 0)).toBe("/repo/lib.py");
});

test("sources below `src`, and folders without `__init__`", () => {
  const folders = tree("/repo/src/pkg/part/model.py");
  expect(resolveImport(folders, "/repo/tests/test_model.py", "pkg.part.model", 0)).toBe("/repo/src/pkg/part/model.py");
});

test("a file never imports itself", () => {
  expect(resolveImport(tree("/repo/torch.py"), "/repo/torch.py", "torch", 0)).toBeNull();
});

test("URIs are paths as well, and an unsaved document lies in no folder", () => {
  expect(parentOf("file:///a/b.py")).toBe("file:///a");
  expect(parentOf("file:///b.py")).toBe("file://");
  expect(parentOf("file://")).toBeNull();
  expect(parentOf("memory:/b.py")).toBe("memory:");
  expect(parentOf("untitled:Untitled-1")).toBeNull();
  expect(parentOf("vscode-vfs://github/x/y.py")).toBe("vscode-vfs://github/x");
  const folders: Folders = {
    isFile: (path) => path === "vscode-vfs://github/x/%C3%A4.py",
    rootOf: () => "vscode-vfs://github/x",
    segment: (name) => encodeURIComponent(name),
  };
  expect(resolveImport(folders, "vscode-vfs://github/x/y.py", "ä", 0)).toBe("vscode-vfs://github/x/%C3%A4.py");
});

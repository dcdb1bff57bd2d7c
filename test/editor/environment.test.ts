// Where installed packages are found, and which of them are read.
import { expect, test } from "vitest";
import { environmentIn, environmentOf, packagesOf, type Reader } from "../../src/editor/index.ts";

const SITE = "/project/.venv/lib/python3.11/site-packages";
const files = new Map([
  ["/project/.venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n"],
  ["/project/.venv/bin/python", ""],
  [`${SITE}/timm-1.0.dist-info/METADATA`, "Name: timm\nRequires-Dist: torch>=2\nRequires-Dist: pyyaml\n"],
  [`${SITE}/timm-1.0.dist-info/RECORD`, "timm/__init__.py,sha256=a,1\ntimm-1.0.dist-info/METADATA,,\nhelper.py,,1\n"],
  [`${SITE}/pandas-2.dist-info/METADATA`, "Name: pandas\nRequires-Dist: numpy\n"],
  [`${SITE}/pandas-2.dist-info/RECORD`, "pandas/__init__.py,,\n"],
  [`${SITE}/torch-2.dist-info/METADATA`, "Name: torch\nRequires-Dist: torch-helper\n"],
  [`${SITE}/mine.pth`, "/src/mine/src\nimport site\n"],
  ["/src/mine/src/mine/__init__.py", ""],
  ["/usr/lib/python3.11/site-packages/other/__init__.py", ""],
]);

const reader: Reader = {
  text: (path) => files.get(path) ?? null,
  isFile: (path) => files.has(path),
  names: (folder) => {
    const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(inside.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
  },
  located: (path) => path,
};

test("an environment is found beside the program, or by its interpreter", () => {
  expect(environmentIn(reader, ["/elsewhere", "/project"])).toBe("/project/.venv");
  expect(environmentIn(reader, ["/elsewhere"])).toBe(null);
  expect(environmentOf(reader, "/project/.venv/bin/python")).toBe("/project/.venv");
  expect(environmentOf(reader, "/project/.venv")).toBe("/project/.venv");
});

test("packages that build on a library of arrays are read, and projects that are linked", () => {
  const packages = packagesOf(reader, "/project/.venv");
  expect(packages.folders).toEqual([SITE, "/src/mine/src"]);
  const asked = ["timm", "helper", "mine", "pandas", "torch", "numpy", "other"];
  expect(asked.filter((name) => packages.reads(name))).toEqual(["timm", "helper", "mine"]);
});

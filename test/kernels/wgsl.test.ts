/** The WGSL files themselves: each compiles as it stands within the limits of the weakest devices, and explains itself. */

import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createKernels, type KernelDescription } from "../../kernels/index.ts";
import { matmulKernels } from "../../kernels/matmul/index.ts";
import { matmulProgram } from "../../kernels/matmul/kernel.ts";
import { softwareDevice } from "./device.ts";
import { emulated, withSubgroups } from "./subgroups.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = new URL("../../kernels/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".wgsl"));

const guide = readFileSync(new URL("../../docs/kernels.md", import.meta.url), "utf8");

let device: GPUDevice;
let kernels: readonly KernelDescription[];
let sources: readonly string[];
/** What is compiled: each kernel's text, and once more with operands in float16. */
let texts: readonly string[];
beforeAll(async () => {
  // A device with nothing asked for has the least limits that any device may have.
  device = await softwareDevice();
  kernels = (await createKernels(withSubgroups(device, 4))).kernels;
  sources = kernels.flatMap((kernel) => kernel.sources).map((source) => source.wgsl);
  const packed = matmulKernels
    .filter(({ reads }) => reads === "blocks")
    .map(({ name, wgsl }) => {
      return matmulProgram(name, wgsl, { A: "packed16", B: "packed16", C: "packed16" }).wgsl;
    });
  texts = [...sources, ...packed].map((text) => emulated(text, 4));
});

/** The parts that kernels share, which are none by themselves. */
const shared = ["storage/", "matmul/parameters", "matmul/blocks", "elementwise/activation"];

describe.each(files)("%s", (file) => {
  const wgsl = readFileSync(new URL(file, root), "utf8");

  it("opens with its idea, its memory and a picture", () => {
    const comment = wgsl.slice(0, wgsl.indexOf("\n\n"));
    expect(comment).toMatch(/^\/\/ [A-Z][-a-zK ]+: /);
    expect(comment + wgsl.slice(comment.length, 2500)).toMatch(/Workgroup memory: /);
    expect(wgsl.slice(0, 2500)).toMatch(/[│■┼]/);
  });

  it("belongs to a kernel, or is shared by some", () => {
    const own = new Set(sources.filter((source) => source.includes(wgsl.slice(wgsl.indexOf("\n\n@")))));
    const most = shared.some((start) => file.startsWith(start)) ? Infinity : 1;
    expect(own.size).toBeLessThanOrEqual(most);
    expect(own.size > 0 || /^(storage|heatmap|roofs)\//.test(file)).toBe(true);
  });

  it("keeps within 16 kB of workgroup memory and 256 threads", () => {
    const threads = [...wgsl.matchAll(/@workgroup_size\(([^)]*)\)/g)].map(([, sizes = ""]) => {
      return sizes.split(",").reduce<number>((total, size) => total * (Number(size) || 16), 1);
    });
    expect(Math.max(...threads)).toBeLessThanOrEqual(256);
    const bytes = { f32: 4, u32: 4, vec4f: 16, mat4x4f: 64 } as const;
    const shared = [...wgsl.matchAll(/var<workgroup> \w+: (?:array<)+(f32|u32|vec4f|mat4x4f), ([^;]*);/g)].map(
      ([, type, lengths]) => {
        const sizes = (lengths ?? "").split(/[^\w]+/).filter((word) => word !== "");
        return sizes.reduce<number>((total, word) => total * (Number(word) || 16), bytes[type as keyof typeof bytes]);
      },
    );
    expect(shared.length).toBe([...wgsl.matchAll(/var<workgroup>/g)].length);
    expect(shared.reduce((total, size) => total + size, 0)).toBeLessThanOrEqual(16 * 1024);
  });
});

it("the text of every kernel compiles with its constants as they stand, however operands are stored", async () => {
  for (const text of texts) {
    const module = device.createShaderModule({ code: text });
    const { messages } = await module.getCompilationInfo();
    expect(messages.map((message) => `${message.lineNum}: ${message.message}`)).toEqual([]);
  }
});

it("every kernel has a name of its own, a description, its WGSL and a line in the guide", () => {
  expect(new Set(kernels.map((kernel) => kernel.name)).size).toBe(kernels.length);
  for (const kernel of kernels) {
    expect(kernel.description).toMatch(/^[A-Z].*\.$/);
    expect(["", "subgroups"]).toContain(kernel.requires.join(" "));
    expect(kernel.sources.length).toBeGreaterThan(0);
    expect(guide).toMatch(new RegExp(`^\\| \`${kernel.name}\` +\\| ${kernel.operator} +\\| `, "m"));
  }
});

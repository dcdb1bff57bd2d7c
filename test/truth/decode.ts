/**
 * Reads recordings of the real libraries: cases with arguments and answers in the notation that
 * `scripts/truth/encode.py` writes. It knows JSON and values, no operators.
 */
import { readdirSync, readFileSync } from "node:fs";
import { constant, shapeOf } from "../../src/shapes/index.ts";
import { float, int, none, tensor, tuple, unknown } from "../../src/ops/datum.ts";
import { dtypeNamed } from "../../src/ops/dtype-names.ts";
import type { Datum, Library } from "../../src/ops/value.ts";

export interface Case {
  readonly op?: string;
  readonly layer?: string;
  readonly library?: Library;
  readonly make?: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly args: readonly unknown[];
  readonly named?: Readonly<Record<string, unknown>>;
  readonly out?: unknown;
  readonly err?: string;
  readonly stage?: "make";
  /** The number of learnable parameters of a layer. */
  readonly count?: number;
}

/** All recordings by name: one for each library, and further ones. */
export function recordings(): ReadonlyMap<string, URL> {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".jsonl"));
  return new Map(files.map((name) => [name.replace(".jsonl", ""), new URL(name, import.meta.url)]));
}

export function readCases(file: URL): readonly Case[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Case);
}

export function libraryOfCase({ op = "torch", library }: Case): Library {
  return library ?? (["numpy", "jax"] as const).find((one) => op.startsWith(one)) ?? "torch";
}

export function decode(value: unknown, library: Library): Datum {
  if (value === null || value === undefined) return none;
  if (typeof value === "string") return decodeTensor(value, library);
  if (typeof value === "number") return int(value);
  if (typeof value === "boolean") return { kind: "bool", value };
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => decode(item, library)) };
  const [[key, inner] = ["o", 1]] = Object.entries(value as Record<string, unknown>);
  const items = Array.isArray(inner) ? inner.map((item) => decode(item, library)) : [];
  if (key === "t") return tuple(items);
  if (key === "f") return float(typeof inner === "number" ? inner : null);
  if (key === "c") return { kind: "complex" };
  if (key === "s") return { kind: "string", value: String(inner) };
  if (key === "e") return { kind: "ellipsis" };
  if (key === "l") return { kind: "slice", lower: items[0] ?? none, upper: items[1] ?? none, step: items[2] ?? none };
  const dtype = key === "d" ? dtypeNamed(String(inner)) : null;
  return dtype === null ? unknown : { kind: "dtype", dtype };
}

function decodeTensor(text: string, library: Library): Datum {
  const [, name = "", weak = "", sizes = ""] = /^(\w+)(~?)\[(.*)\]$/.exec(text) ?? [];
  const dims = sizes === "" ? [] : sizes.split(",").map((size) => constant(Number(size)));
  const plain = tensor(shapeOf(...dims), dtypeNamed(name), library);
  return weak === "" ? plain : { ...plain, weak: true };
}

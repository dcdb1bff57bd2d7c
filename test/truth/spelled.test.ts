/**
 * Replays recorded calls as Python text, through the front end and the interpreter: what a user would see. The rules
 * alone are held against every recording in `replay.test.ts`; here every seventh call is written out.
 */
import { expect, test } from "vitest";
import type { Fact, Finding } from "../../src/analysis/result.ts";
import { asNumber } from "../../src/shapes/index.ts";
import { analyse } from "../fixtures/engine.ts";
import { decode, libraryOfCase, readCases, recordings, type Case } from "./decode.ts";
import { sourceOf } from "./source.ts";

const HEAD = `import einops
import jax
import jax.numpy as jnp
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
`;
const EVERY = 7;
const TOGETHER = 100;

interface Written {
  readonly one: Case;
  readonly text: string;
}

for (const [file, url] of recordings()) {
  const cases = readCases(url);
  const written = cases.flatMap((one, i): readonly Written[] => {
    const text = i % EVERY === 0 ? sourceOf(one) : null;
    return text === null ? [] : [{ one, text }];
  });

  test(`${file}: ${written.length} calls as people write them`, { timeout: 120_000 }, () => {
    const wrong: string[] = [];
    for (let i = 0; i < written.length; i += TOGETHER) wrong.push(...refuted(written.slice(i, i + TOGETHER)));
    expect(written.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });
}

/** Each call is the body of a function of its own, so that an error ends nothing else. */
function refuted(calls: readonly Written[]): readonly string[] {
  let program = HEAD;
  const starts = calls.map(({ text }, i) => {
    program += `\n\ndef call_${i}():\n    return `;
    const start = program.length;
    program += text;
    return start;
  });
  const { result } = analyse("calls.py", program);
  return calls.flatMap(({ one, text }, i) => {
    const [start, end] = [starts[i] ?? 0, (starts[i] ?? 0) + text.length];
    const findings = result.findings.filter(({ span }) => span.start >= start && span.end <= end);
    const fact = result.facts.find(({ span }) => span.start === start && span.end === end);
    return contradicts(one, fact, findings)
      ? [`${text} gives ${JSON.stringify(one.out ?? one.err)} but we say ${said(fact, findings)}`]
      : [];
  });
}

function said(fact: Fact | undefined, findings: readonly Finding[]): string {
  return findings[0]?.message ?? `${fact?.text} ${fact?.dtype}`;
}

function contradicts(one: Case, fact: Fact | undefined, findings: readonly Finding[]): boolean {
  if (findings.some(({ severity }) => severity === "error")) return one.err === undefined;
  if (one.err !== undefined || fact === undefined || fact.kind === "unknown") return false;
  const truth = decode(one.out, libraryOfCase(one));
  if (fact.kind !== "tensor") return truth.kind === "tensor";
  if (truth.kind !== "tensor" || (fact.dtype !== null && fact.dtype !== truth.dtype)) return true;
  if (fact.shape === null) return false;
  const [ours, real] = [fact.shape.dims.map(asNumber), truth.shape.dims.map(asNumber)];
  const missing = real.length - ours.length;
  if (missing < 0 || (missing > 0 && fact.shape.lead === null)) return true;
  return ours.some((size, axis) => size !== null && size !== real[axis + missing]);
}

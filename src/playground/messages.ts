/**
 * What the extension and the playground's page say to each other: one union for each direction, checked where it
 * arrives. Whoever asks numbers the question; the answer carries the same number. It knows neither VS Code nor the DOM.
 */

import * as v from "valibot";
import { graph } from "./graph.ts";
import { operation, sourcePlace } from "./operation.ts";
import { bench } from "./state.ts";

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const words = v.pipe(v.string(), v.maxLength(100_000));

/** A program of a kernel: which one, and where it is used. */
const wgslPlace = v.object({
  operator: v.picklist(["matmul", "attention"]),
  kernel: v.pipe(v.string(), v.maxLength(80)),
  program: v.pipe(v.string(), v.maxLength(80)),
});
const program = v.object({ place: wgslPlace, wgsl: words });

/** What a compiler says of a place in a text; lines and columns count from 1. */
const complaint = v.object({
  line: v.number(),
  column: v.number(),
  length: v.number(),
  message: words,
  severity: v.picklist(["error", "warning", "info"]),
});

/** From the extension to the page. Send nothing before the page has said `ready`. */
const hostMessage = v.variant("type", [
  /** Show this operation. The page answers `opened` with the same id. */
  v.object({ type: v.literal("open"), id, operation }),
  /** Show this function whole. */
  v.object({ type: v.literal("graph"), graph }),
  /** Show this bench, from a link. */
  v.object({ type: v.literal("bench"), bench }),
  /** A person saved this text for a program of a kernel. The page answers `complaints`. */
  v.object({ type: v.literal("text"), place: wgslPlace, wgsl: words }),
  /** The answer to `reveal`, `copy`, `link`, `wgsl` and `save`; `problem` is a sentence for the user when it could not be done. */
  v.object({ type: v.literal("done"), id, problem: v.exactOptional(words) }),
]);

/** From the page to the extension. */
const pageMessage = v.variant("type", [
  /** The page listens. `restored` says that it shows what it showed before a reload. */
  v.object({ type: v.literal("ready"), restored: v.boolean() }),
  /** The answer to `open`; `problem` is a sentence when the operation cannot be shown. */
  v.object({ type: v.literal("opened"), id, problem: v.exactOptional(words) }),
  /** Bring this place of the code into view. */
  v.object({ type: v.literal("reveal"), id, source: sourcePlace }),
  /** Put this text on the clipboard. */
  v.object({ type: v.literal("copy"), id, text: words }),
  /** Put a link that opens this bench on the clipboard; `text` is the bench as `linkText` writes it. */
  v.object({ type: v.literal("link"), id, text: words }),
  /** Let the user save these bytes under a name of their choice. */
  v.object({ type: v.literal("save"), id, name: v.pipe(v.string(), v.maxLength(200)), bytes: v.instance(Uint8Array) }),
  /** Open these programs in editors. */
  v.object({ type: v.literal("wgsl"), id, programs: v.pipe(v.array(program), v.maxLength(20)) }),
  /** The programs are these again; editors that show them follow. */
  v.object({ type: v.literal("programs"), programs: v.pipe(v.array(program), v.maxLength(20)) }),
  /** What the compiler says of a text that was saved. */
  v.object({ type: v.literal("complaints"), place: wgslPlace, complaints: v.array(complaint) }),
  /** A line for the extension's log. */
  v.object({ type: v.literal("log"), level: v.picklist(["info", "warn", "error"]), text: words }),
  /** What the page shows has changed: the title for the tab. */
  v.object({ type: v.literal("title"), title: v.pipe(v.string(), v.maxLength(200)) }),
]);

export type WgslPlace = v.InferOutput<typeof wgslPlace>;
export type Program = v.InferOutput<typeof program>;
export type HostMessage = v.InferOutput<typeof hostMessage>;
export type PageMessage = v.InferOutput<typeof pageMessage>;

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export const parseHostMessage = (raw: unknown): Parsed<HostMessage> => parsed(v.safeParse(hostMessage, raw));
export const parsePageMessage = (raw: unknown): Parsed<PageMessage> => parsed(v.safeParse(pageMessage, raw));

function parsed<T>(
  result: { success: true; output: T } | { success: false; issues: readonly v.BaseIssue<unknown>[] },
): Parsed<T> {
  if (result.success) return { ok: true, value: result.output };
  const first = result.issues[0];
  const path = first === undefined ? null : v.getDotPath(first);
  return { ok: false, problem: `${path === null ? "message" : path}: ${first?.message ?? "not understood"}` };
}

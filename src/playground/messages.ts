/**
 * What the extension and the playground's page say to each other: one union for each direction, checked where it
 * arrives. Whoever asks numbers the question; the answer carries the same number. It knows neither VS Code nor the DOM.
 */

import * as v from "valibot";
import { operation, sourcePlace } from "./operation.ts";
import { bench } from "./state.ts";

const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const words = v.pipe(v.string(), v.maxLength(100_000));

/** From the extension to the page. Send nothing before the page has said `ready`. */
const hostMessage = v.variant("type", [
  /** Show this operation. The page answers `opened` with the same id. */
  v.object({ type: v.literal("open"), id, operation }),
  /** Show this bench, from a link. */
  v.object({ type: v.literal("bench"), bench }),
  /** The answer to `reveal`, `copy`, `link` and `save`; `problem` is a sentence for the user when it could not be done. */
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
  /** A line for the extension's log. */
  v.object({ type: v.literal("log"), level: v.picklist(["info", "warn", "error"]), text: words }),
  /** What the page shows has changed: the title for the tab. */
  v.object({ type: v.literal("title"), title: v.pipe(v.string(), v.maxLength(200)) }),
]);

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

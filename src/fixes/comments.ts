/** The remedy for a comment that states another shape than the code computes: the comment says what is. */
import type { Finding } from "../analysis/result.ts";
import type { View } from "../editor/index.ts";
import type { Candidate } from "./candidate.ts";

/** Keeps the brackets that the author chose. */
export function updatedComment({ sources }: View, { span, code, shapes }: Finding): readonly Candidate[] {
  const [shape] = shapes;
  const text = sources.program(span.path)?.text.slice(span.start, span.end) ?? "";
  const bracket = /^[([][^()[\]]*[)\]]$/.exec(text);
  if (code !== "stale-shape-comment" || shape === undefined || bracket === null || /[?…]/.test(shape)) return [];
  const inner = shape.slice(1, -1);
  const written = text.startsWith("[") ? `[${inner.replace(/,$/, "")}]` : shape;
  return [{ edits: [{ ...span, text: written }], title: `Update the comment: ${written}`, cost: 0 }];
}

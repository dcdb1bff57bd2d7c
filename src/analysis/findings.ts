/** Findings of all views as those of the result: one for each mistake. */
import type { Machine, PendingFinding } from "./machine.ts";
import type { Finding } from "./result.ts";

/**
 * One finding for each mistake. At one place the general view speaks for all calls; a layer at fault in
 * several places is one mistake; and where a call of a function ends in an error, what the general view
 * finds further down in it is a consequence.
 */
export function mergedFindings(m: Machine, pending: readonly PendingFinding[]): Finding[] {
  const chosen = new Map<string, PendingFinding>();
  const sites = new Set<string>();
  for (const finding of pending) {
    const span = m.fileSpan(finding.span, finding.owner);
    const key = `${span.path}:${span.start}:${span.end}:${finding.code}`;
    const known = chosen.get(key);
    const site = finding.site === null ? null : `${finding.site}:${finding.code}`;
    if (known === undefined && ((site !== null && sites.has(site)) || isConsequence(finding, pending))) continue;
    if (site !== null) sites.add(site);
    if (known === undefined || speaksBefore(finding, known)) chosen.set(key, finding);
  }
  return [...chosen.values()].map((finding) => publish(m, finding));
}

/** What a call is certain of goes before what the general view suspects; otherwise the general view speaks. */
function speaksBefore(finding: PendingFinding, known: PendingFinding): boolean {
  if (finding.severity !== known.severity) return finding.severity === "error";
  return finding.general && !known.general;
}

function publish(m: Machine, finding: PendingFinding): Finding {
  const { code, severity, message, shapes, unnecessary } = finding;
  const related = finding.related.map((one) => ({ span: m.fileSpan(one.span, one.owner), message: one.message }));
  return { span: m.fileSpan(finding.span, finding.owner), code, severity, message, shapes, related, unnecessary };
}

/** Whether a run of the program ends before it comes to where the general view finds something. */
function isConsequence(finding: PendingFinding, pending: readonly PendingFinding[]): boolean {
  const { general, severity, within, span } = finding;
  if (!general || severity !== "error" || within === null) return false;
  return pending.some((other) => {
    if (other.general || other.severity !== "error") return false;
    if (other.within === within && other.span.start <= span.start) return true;
    for (let at = other.context; at !== null; at = at.parent) {
      if (at.within === within && at.call.span.start <= span.start) return true;
    }
    return false;
  });
}

/**
 * Pieces of Markdown that stay what they are whatever the user's source contains. It knows Markdown only.
 */

/** Inline code. A fence longer than any run of backticks inside keeps the text from closing it. */
export function code(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat === "") return "";
  const runs = flat.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

export function bold(markdown: string): string {
  return `**${markdown}**`;
}

/** A link, or only its label where there is nothing to open. */
export function link(label: string, target: string | null): string {
  return target === null ? escape(label) : `[${escape(label)}](${target.replace(/[()\s<>]/g, percent)})`;
}

/** Plain words: what Markdown would read as markup is escaped. */
export function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>~&]/g, (sign) => `\\${sign}`);
}

/** `encodeURIComponent` leaves brackets alone, which would end a link. */
function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Source shortened to fit one line of a hover. */
export function short(text: string, limit = 60): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= limit ? flat : `${flat.slice(0, limit - 1).trimEnd()}…`;
}

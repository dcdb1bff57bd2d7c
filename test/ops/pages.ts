/**
 * Prints pages of documentation from the catalogue and the recordings. It knows Markdown, and nothing of how the
 * pages are compared or written.
 */
import { allLayers, allOperators } from "../../src/ops/index.ts";
import type { Rule } from "../../src/ops/rules.ts";
import { readCases, recordings, type Case } from "../truth/decode.ts";
import { judge, type Judgement } from "../truth/judge.ts";

export function rulePage(code: string, rule: Rule): string {
  return [
    `# ${code}`,
    `**${rule.title}.** Severity: ${rule.severity}.`,
    rule.explanation,
    "## Example",
    `\`\`\`python\n${rule.example}\n\`\`\``,
    ...(rule.libraryMessage === null ? [] : [`The library says: \`${rule.libraryMessage}\``]),
    "## What to do",
    rule.fix,
    `To change how this rule is shown, set \`shapesight.diagnostics.severity\` to \`{ "${code}": "off" }\`; to accept one line, end it with \`# shapesight: ignore[${code}]\`.`,
  ].join("\n\n");
}

export function ruleTable(rules: Readonly<Record<string, Rule>>): string {
  const rows = Object.entries(rules).map(
    ([name, rule]) => `| [${name}](${name}.md) | ${rule.title} | ${rule.severity} |`,
  );
  return ["# Rules", ["| Code | What it reports | Severity |", "|---|---|---|", ...rows].join("\n")].join("\n\n");
}

/** The extension's manifest with a key for every rule in `shapesight.diagnostics.severity`, so that settings complete. */
export function manifestWithRules(manifest: string, rules: Readonly<Record<string, Rule>>): string {
  const levels = ["error", "warning", "information", "hint", "off"];
  const keys = Object.entries(rules).map(([name, { title, severity }]): [string, object] => [
    name,
    { type: "string", enum: levels, default: severity, description: `${title}.` },
  ]);
  const whole = JSON.parse(manifest) as Manifest;
  for (const { properties } of whole.contributes.configuration) {
    const setting = properties[SEVERITY];
    if (setting !== undefined) setting["properties"] = Object.fromEntries(keys);
  }
  return `${JSON.stringify(whole, null, 2)}\n`;
}

const SEVERITY = "shapesight.diagnostics.severity";

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Record<string, Record<string, unknown>> }[];
  };
}

interface Counts {
  right: number;
  open: number;
  missed: number;
  wrong: number;
}

const NOTHING: Readonly<Counts> = { right: 0, open: 0, missed: 0, wrong: 0 };

function column(verdict: Judgement["verdict"]): keyof Counts {
  return verdict === "partly" || verdict === "unknown" ? "open" : verdict;
}

function countByName(): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const url of recordings().values()) {
    for (const one of readCases(url)) {
      const name = nameOf(one);
      const before = counts.get(name) ?? { ...NOTHING };
      before[column(judge(one).verdict)]++;
      counts.set(name, before);
    }
  }
  return counts;
}

function nameOf(one: Case): string {
  return one.op ?? one.layer ?? "";
}

export function operatorTable(): string {
  const counts = countByName();
  const operators = allOperators();
  const layers = allLayers();
  const names = operators.flatMap((entry) => entry.names).length;
  const total = sum([...counts.values()]);
  return [
    "# Operators",
    `Shapesight knows ${names} names of functions, methods and Python operators, and ${layers.length} layers. Each is judged by what the real library answered to recorded calls, valid and invalid ones: ${number(total.right)} right, ${number(total.open)} where it claims less than could be known, ${number(total.missed)} errors of the library that it does not foresee, ${total.wrong} wrong.`,
    "In the notation, letters name sizes: an operand `(n,k)` has at least these dimensions at its end, all before them are broadcast, and `?` marks one that can be missing. *Right* counts answers with the same shape and element type, and refusals where the library refuses; *open* those that leave something unknown; *unforeseen* calls that the library refuses and Shapesight does not, mostly wrong keywords and element types that a kernel lacks.",
    "## Functions, methods and operators",
    table(operators.map((entry) => ({ ...entry, counts }))),
    "## Layers",
    table(layers.map((entry) => ({ ...entry, notation: null, counts }))),
  ].join("\n\n");
}

interface Row {
  readonly names: readonly string[];
  readonly summary: string;
  readonly notation: string | null;
  readonly playground: string | null;
  readonly counts: ReadonlyMap<string, Counts>;
}

function table(rows: readonly Row[]): string {
  const lines = together(rows).map(({ names, summary, notation, counts }) => {
    const { right, open, missed } = sum(names.map((name) => counts.get(name) ?? NOTHING));
    const rule = notation === null ? "" : code(notation);
    return `| ${names.map(code).join(" ")} | ${summary.replaceAll("|", "\\|")} | ${rule} | ${right} | ${open} | ${missed} |`;
  });
  // Aligned columns would make the page five times as large.
  return [
    "<!-- prettier-ignore -->",
    "| Names | What it does | Shapes | Right | Open | Unforeseen |",
    "|---|---|---|--:|--:|--:|",
    ...lines,
  ].join("\n");
}

/** The variants of one declaration, which differ only in how a library spells the signature, share a row. */
function together(rows: readonly Row[]): readonly Row[] {
  const joined: Row[] = [];
  for (const row of rows) {
    const last = joined.at(-1);
    if (last !== undefined && last.summary === row.summary && last.notation === row.notation)
      joined[joined.length - 1] = { ...last, names: [...last.names, ...row.names] };
    else joined.push(row);
  }
  return joined;
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function sum(all: readonly Readonly<Counts>[]): Counts {
  const total = { ...NOTHING };
  for (const one of all) {
    total.right += one.right;
    total.open += one.open;
    total.missed += one.missed;
    total.wrong += one.wrong;
  }
  return total;
}

function number(count: number): string {
  return count.toLocaleString("en");
}

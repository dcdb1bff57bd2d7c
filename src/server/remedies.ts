/**
 * What the server offers to change at a place: remedies that were tried on the program, and what can be written down.
 * The trials take turns with other messages, and end when the question is withdrawn or the text changes.
 */
import {
  CodeActionKind,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type TextEdit,
} from "vscode-languageserver";
import type { Finding } from "../analysis/result.ts";
import {
  findingsOf,
  ignoreAction,
  offsetAt,
  removalOf,
  writingActions,
  type Action,
  type Engine,
  type Files,
  type Lines,
} from "../editor/index.ts";
import { Fixer, type Fix } from "../fixes/index.ts";
import type { Settled } from "./analyses.ts";
import { rangeOf, toDiagnostic } from "./convert.ts";
import type { Settings } from "./settings.ts";

export const FIX_ALL = "source.fixAll.shapesight";
export const ACTION_KINDS = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL];

/** After this many milliseconds of trials, other messages get their turn. */
const SLICE = 15;
/** Findings whose remedies change no value: all in a file are applied at once. */
const SAFE = new Set(["view-strides", "stale-shape-comment", "unused-ignore"]);

export class Remedies {
  readonly #files: Files;
  readonly #engine: () => Engine;
  readonly #rules: string | null;
  #latest: { readonly settled: Settled; readonly fixer: Fixer } | null = null;
  #own: Engine | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: Files, engine: () => Engine, rules: string | null) {
    this.#files = files;
    this.#engine = engine;
    this.#rules = rules;
  }

  /** Null where the question was withdrawn. */
  async at(
    params: CodeActionParams,
    settled: Settled,
    lines: Lines,
    settings: Settings,
    token: CancellationToken,
  ): Promise<CodeAction[] | null> {
    const { textDocument, range, context } = params;
    const { uri } = textDocument;
    const { view } = settled.analysis;
    const asked = (kind: string): boolean =>
      context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true;
    const start = offsetAt(lines, range.start);
    const end = offsetAt(lines, range.end);
    const all = settings.diagnostics
      ? findingsOf(view, uri, settings.severities).filter(({ span }) => span.path === uri)
      : [];
    const here = all.filter(({ span }) => span.start <= end && start <= span.end);
    const actions: CodeAction[] = [];
    if (asked(CodeActionKind.QuickFix)) {
      for (const finding of here) {
        const fixes = await this.#fixesFor(settled, finding, token);
        if (fixes === null) return null;
        const diagnostics = [toDiagnostic(view, finding, this.#rules)];
        actions.push(...fixes.map((fix, i) => this.#remedy(settled, fix, diagnostics, i === 0)));
        const plain = [removalOf(view, finding), ignoreAction(view, uri, finding)].filter((each) => each !== null);
        actions.push(
          ...plain.map((each) => ({ ...actionFor(uri, lines, each), kind: CodeActionKind.QuickFix, diagnostics })),
        );
      }
    }
    if (asked(CodeActionKind.RefactorRewrite)) {
      actions.push(
        ...writingActions(view, uri, start).map((each) => ({
          ...actionFor(uri, lines, each),
          kind: CodeActionKind.RefactorRewrite,
        })),
      );
    }
    // A whole file is only worked through for those who ask for nothing else.
    if (context.only !== undefined && asked(FIX_ALL)) {
      const everything = await this.#fixAll(settled, uri, lines, all, token);
      if (everything !== null) actions.push(everything);
    }
    return actions;
  }

  #remedy(
    { analysis }: Settled,
    { title, edits }: Fix,
    diagnostics: CodeAction["diagnostics"],
    isPreferred: boolean,
  ): CodeAction {
    const changes: Record<string, TextEdit[]> = {};
    for (const { path, start, end, text } of edits) {
      const lines = analysis.view.sources.lines(path);
      if (lines !== null) (changes[path] ??= []).push({ range: rangeOf(lines, start, end), newText: text });
    }
    return {
      title: title.replaceAll("`", ""),
      kind: CodeActionKind.QuickFix,
      isPreferred,
      edit: { changes },
      ...(diagnostics === undefined ? {} : { diagnostics }),
    };
  }

  async #fixAll(
    settled: Settled,
    uri: string,
    lines: Lines,
    findings: readonly Finding[],
    token: CancellationToken,
  ): Promise<CodeAction | null> {
    const edits: TextEdit[] = [];
    let end = -1;
    for (const finding of findings
      .filter(({ code }) => SAFE.has(code))
      .toSorted((a, b) => a.span.start - b.span.start)) {
      const [fix] = (await this.#fixesFor(settled, finding, token)) ?? [];
      const changes =
        removalOf(settled.analysis.view, finding)?.changes ?? fix?.edits.filter(({ path }) => path === uri) ?? [];
      if (changes.some((change) => change.start < end)) continue;
      edits.push(
        ...changes.map((change) => ({ range: rangeOf(lines, change.start, change.end), newText: change.text })),
      );
      end = Math.max(end, ...changes.map((change) => change.end));
    }
    if (edits.length === 0 || token.isCancellationRequested) return null;
    return { title: "Fix what is safe to fix", kind: FIX_ALL, edit: { changes: { [uri]: edits } } };
  }

  /** One search after another: they share an analyser. */
  #fixesFor(settled: Settled, finding: Finding, token: CancellationToken): Promise<readonly Fix[] | null> {
    const search = this.#turn.then(() => this.#search(settled, finding, token));
    this.#turn = search.catch(() => null);
    return search;
  }

  /** Tries remedies in slices; null where the question was withdrawn. */
  async #search(settled: Settled, finding: Finding, token: CancellationToken): Promise<readonly Fix[] | null> {
    if (token.isCancellationRequested) return null;
    const fixer = this.#fixerFor(settled);
    const cancelled = (): boolean => token.isCancellationRequested || this.#latest?.settled !== settled;
    const search = fixer.search(finding, cancelled);
    for (;;) {
      const start = performance.now();
      while (performance.now() - start < SLICE) {
        const { done, value } = search.next();
        if (done === true) return cancelled() ? null : value;
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (cancelled()) return null;
    }
  }

  #fixerFor(settled: Settled): Fixer {
    if (this.#latest?.settled === settled) return this.#latest.fixer;
    const { view, dependencies } = settled.analysis;
    this.#own ??= this.#engine();
    const fixer = new Fixer(this.#files, this.#own, [...dependencies.keys()], view);
    this.#latest = { settled, fixer };
    return fixer;
  }
}

function actionFor(uri: string, lines: Lines, { title, changes }: Action): CodeAction {
  const edits = changes.map(({ start, end, text }) => ({ range: rangeOf(lines, start, end), newText: text }));
  return { title: title.replaceAll("`", ""), edit: { changes: { [uri]: edits } } };
}

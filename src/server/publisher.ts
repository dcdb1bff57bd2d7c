/**
 * What the server tells without being asked: diagnostics, the status of each document, and that hints have changed.
 */
import type { Connection } from "vscode-languageserver";
import { findingsOf, leftOutOf, settingsFindings, statusOf, type ProjectSettings, type View } from "../editor/index.ts";
import type { Settled } from "./analyses.ts";
import type { Configuration } from "./configuration.ts";
import { toDiagnostic } from "./convert.ts";
import { STATUS, type StatusParams } from "./protocol.ts";

export interface PublisherOptions {
  readonly rules: string | null;
  /** Whether the client listens to `shapesight/status`. */
  readonly status: boolean;
  /** Whether the client can be asked to fetch hints again. */
  readonly refreshes: boolean;
  version(uri: string): number | null;
}

/** Longer than this, in milliseconds, and the user is told why results come late. */
const SLOW = 200;

export class Publisher {
  readonly #connection: Connection;
  readonly #configuration: Configuration;
  readonly #options: PublisherOptions;
  #refresh: ReturnType<typeof setTimeout> | null = null;
  /** The settings files whose diagnostics were sent, as they were then. */
  readonly #told = new Map<string, ProjectSettings>();

  constructor(connection: Connection, configuration: Configuration, options: PublisherOptions) {
    this.#connection = connection;
    this.#configuration = configuration;
    this.#options = options;
  }

  async publish(uri: string, settled: Settled): Promise<void> {
    const settings = await this.#configuration.of(uri);
    // The document may have changed, or been closed, while the client was asked.
    if (this.#options.version(uri) !== settled.version) return;
    const { view } = settled.analysis;
    const findings = settings.diagnostics ? findingsOf(view, uri, settings.severities) : [];
    const diagnostics = findings.map((finding) => toDiagnostic(view, finding, this.#options.rules));
    const { version, milliseconds } = settled;
    for (const each of settled.analysis.settings) await this.#publishSettings(view, each);
    await this.#forgetSettings(uri, settled);
    await this.#connection.sendDiagnostics({ uri, version, diagnostics });
    const status = { ...statusOf(view, uri), findings: findings.length };
    await this.#status({ uri, version, ...status, milliseconds, problem: problemOf(settled) });
  }

  /** What is wrong with a project's settings is told at its file, which need not be open. */
  async #publishSettings(view: View, project: ProjectSettings): Promise<void> {
    const uri = project.declarations.path;
    if (this.#told.get(uri) === project || (project.findings.length === 0 && !this.#told.has(uri))) return;
    this.#told.set(uri, project);
    const settings = await this.#configuration.of(uri);
    const findings = settings.diagnostics ? settingsFindings(project, settings.severities) : [];
    const diagnostics = findings.map((finding) => toDiagnostic(view, finding, this.#options.rules));
    await this.#connection.sendDiagnostics({ uri, diagnostics });
  }

  /** A file that says nothing of us any more, or is gone, has nothing wrong. */
  async #forgetSettings(uri: string, { analysis }: Settled): Promise<void> {
    for (const told of this.#told.keys()) {
      if (analysis.dependencies.get(uri)?.has(told) !== true) continue;
      if (analysis.settings.some(({ declarations }) => declarations.path === told)) continue;
      this.#told.delete(told);
      await this.#connection.sendDiagnostics({ uri: told, diagnostics: [] });
    }
  }

  /** Says everything again, since settings have changed. */
  everything(uris: readonly string[], latest: (uri: string) => Settled | null): void {
    this.#told.clear();
    for (const uri of uris) {
      const settled = latest(uri);
      if (settled !== null) this.publish(uri, settled).catch((error: unknown) => this.#log(error));
    }
    this.refreshLater();
  }

  closed(uri: string): void {
    this.#connection.sendDiagnostics({ uri, diagnostics: [] }).catch((error: unknown) => this.#log(error));
  }

  failed(uri: string, version: number, error: unknown): void {
    this.#log(error);
    const problem = "This file could not be analysed; the output channel has the details.";
    const nothing = { shapes: 0, open: 0, findings: 0, milliseconds: 0 };
    this.#status({ uri, version, ...nothing, problem }).catch((failure: unknown) => this.#log(failure));
  }

  /** Hints of documents that nobody edited may have changed. */
  refreshLater(): void {
    if (!this.#options.refreshes || this.#refresh !== null) return;
    this.#refresh = setTimeout(() => {
      this.#refresh = null;
      this.#connection.languages.inlayHint.refresh().catch((error: unknown) => this.#log(error));
    }, 50);
  }

  async #status(status: StatusParams): Promise<void> {
    if (this.#options.status) await this.#connection.sendNotification(STATUS, status);
  }

  #log(error: unknown): void {
    this.#connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function problemOf({ analysis, milliseconds }: Settled): string | null {
  const leftOut = leftOutOf(analysis.view);
  if (leftOut !== null) return leftOut;
  return milliseconds > SLOW ? `The last analysis took ${Math.round(milliseconds)} ms.` : null;
}

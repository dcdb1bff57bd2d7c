/**
 * The settings of each document, asked of the client once and kept until they change.
 */
import { DidChangeConfigurationNotification, type ClientCapabilities, type Connection } from "vscode-languageserver";
import { defaultSettings, field, settingsFrom, type Settings } from "./settings.ts";

export class Configuration {
  readonly #connection: Connection;
  readonly #kept = new Map<string, Settings>();
  #asks = false;
  #registers = false;
  #common = defaultSettings;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  start(capabilities: ClientCapabilities, initial: unknown): void {
    this.#asks = capabilities.workspace?.configuration === true;
    this.#registers = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.#common = settingsFrom(initial);
  }

  async register(): Promise<void> {
    if (!this.#registers) return;
    await this.#connection.client.register(DidChangeConfigurationNotification.type, { section: "shapesight" });
  }

  /** `raw` is what a client sends that pushes its settings. */
  changed(raw: unknown): void {
    this.#kept.clear();
    const own = field(raw, "shapesight");
    if (own !== undefined && own !== null) this.#common = settingsFrom(own);
  }

  forget(uri: string): void {
    this.#kept.delete(uri);
  }

  async of(uri: string): Promise<Settings> {
    if (!this.#asks) return this.#common;
    const kept = this.#kept.get(uri);
    if (kept !== undefined) return kept;
    const settings = await this.#ask(uri);
    this.#kept.set(uri, settings);
    return settings;
  }

  async #ask(uri: string): Promise<Settings> {
    try {
      const raw: unknown = await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: "shapesight" });
      return settingsFrom(raw);
    } catch {
      // A client that promises configuration and does not give it gets the defaults.
      return this.#common;
    }
  }
}

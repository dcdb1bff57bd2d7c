/**
 * What happens when VS Code starts the extension, on a desktop and in a browser alike: the client, the commands, the
 * playground, and what other extensions may ask. How the server is started is handed in.
 */
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { SHAPE_AT, type InitializationOptions, type ShapeAt, type ShapeAtParams } from "../server/protocol.ts";
import { clientOptions, listen } from "./client.ts";
import { Playground, VIEW_TYPE } from "./panel.ts";
import { followPython } from "./python.ts";
import { Source } from "./source.ts";
import { StatusItem } from "./status.ts";

/** What `vscode.extensions.getExtension("shapesight.shapesight").exports` offers. */
export interface Api {
  /** What is known of the value at a position of an open Python document; null where that is nothing. */
  shapeAt(uri: vscode.Uri, position: vscode.Position): Promise<ShapeAt | null>;
}

export interface Platform {
  /** The parser, where the server cannot read files itself. */
  wasm(context: vscode.ExtensionContext): Promise<InitializationOptions["wasm"]>;
  client(context: vscode.ExtensionContext, options: LanguageClientOptions): BaseLanguageClient;
}

export async function activateOn(context: vscode.ExtensionContext, platform: Platform): Promise<Api> {
  const output = vscode.window.createOutputChannel("Shapesight", { log: true });
  const playground = new Playground(context.extensionUri, output);
  const status = new StatusItem();
  const client = platform.client(context, clientOptions(context, output, await parser(platform, context, output)));
  const source = new Source(client, playground);
  context.subscriptions.push(
    output,
    playground,
    status,
    source,
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, playground),
    vscode.window.registerUriHandler({
      handleUri: ({ path, query }) => {
        if (path === "/playground" && playground.openLink(query)) return;
        output.warn("A link was opened that holds nothing the playground can show.");
      },
    }),
    ...commands(client, playground, source, output, status),
    listen(client, (heard) => {
      status.heard(heard);
      source.analysed(heard).catch((error: unknown) => output.error(String(error)));
    }),
    { dispose: () => void client.dispose() },
  );
  await start(client, output, status);
  followPython(context, client).catch((error: unknown) => output.warn(String(error)));
  return { shapeAt: (uri, position) => shapeAt(client, uri, position) };
}

/** Without the parser the server says so when it is started; everything else works. */
async function parser(
  platform: Platform,
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): Promise<InitializationOptions["wasm"]> {
  try {
    return await platform.wasm(context);
  } catch (error) {
    output.error(error instanceof Error ? error : String(error));
    return undefined;
  }
}

function commands(
  client: BaseLanguageClient,
  playground: Playground,
  source: Source,
  output: vscode.LogOutputChannel,
  status: StatusItem,
): readonly vscode.Disposable[] {
  const command = (name: string, run: (argument: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`shapesight.${name}`, run);
  return [
    command("openPlayground", () => playground.open(null)),
    command("openInPlayground", (argument) => source.open(argument)),
    command("copyShape", (argument) => copyShape(client, argument)),
    command("openFunctionInPlayground", (argument) => source.openFunction(argument)),
    command("toggleHints", toggleHints),
    command("restartServer", async () => {
      if (client.isRunning()) await client.stop();
      await start(client, output, status);
    }),
    command("showOutput", () => output.show()),
  ];
}

/** Copies the shape that the link of a hover names, or else the one at the cursor. */
async function copyShape(client: BaseLanguageClient, argument: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const here = editor === undefined ? null : await shapeAt(client, editor.document.uri, editor.selection.active);
  const text = typeof argument === "string" ? argument : here?.shape === null ? null : (here?.text ?? null);
  if (text !== null) await vscode.env.clipboard.writeText(text);
  const told = text === null ? vscode.l10n.t("No shape is known here.") : vscode.l10n.t("Copied {0}", text);
  vscode.window.setStatusBarMessage(told, 3000);
}

/** A server that does not start takes nothing else with it: the playground works without. */
async function start(client: BaseLanguageClient, output: vscode.LogOutputChannel, status: StatusItem): Promise<void> {
  try {
    await client.start();
    status.failed(null);
  } catch (error) {
    output.error(error instanceof Error ? error : String(error));
    status.failed(vscode.l10n.t("Shapesight could not start"));
  }
}

/** Where the setting is made for a folder or a workspace, it is changed there; otherwise for the user. */
async function toggleHints(): Promise<void> {
  const section = vscode.workspace.getConfiguration("shapesight", vscode.window.activeTextEditor?.document.uri);
  const name = "inlayHints.enabled";
  const made = section.inspect(name);
  const target =
    made?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : made?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await section.update(name, section.get<boolean>(name) === false, target);
}

async function shapeAt(
  client: BaseLanguageClient,
  uri: vscode.Uri,
  position: vscode.Position,
): Promise<ShapeAt | null> {
  const convert = client.code2ProtocolConverter;
  const params: ShapeAtParams = { uri: convert.asUri(uri), position: convert.asPosition(position) };
  return client.sendRequest<ShapeAt | null>(SHAPE_AT, params);
}

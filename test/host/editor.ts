// What the editor shows, asked for by VS Code's own commands, so that it passed through the client and the server.
import assert from "node:assert/strict";
import * as vscode from "vscode";

const attention = `import math
import torch

def attention(
    Q: torch.Tensor,  # (batch, n_heads, seq_q, d_k)
    K: torch.Tensor,  # (batch, n_heads, seq_k, d_k)
):
    scores = Q @ K.transpose(-2, -1) / math.sqrt(Q.size(-1))
    return scores
`;

export function defineEditorTests(): void {
  suite("editor", () => {
    test("a hover tells the shape", async () => {
      const document = await open(attention);
      const text = await until(
        () => hoverText(document, "scores ="),
        (shown) => shown.includes("seq_q"),
      );
      assert.match(text, /\(batch, n_heads, seq_q, seq_k\)/);
    });

    test("a hint stands after the bound name", async () => {
      const document = await open(attention);
      const hints = await until(
        () => hintsOf(document),
        (shown) => shown.length > 0,
      );
      assert.ok(
        hints.some((hint) => hint.startsWith(": (batch, ")),
        hints.join("\n"),
      );
    });

    test("an edit that breaks a product is found, and its undoing clears it", async () => {
      const document = await open(attention);
      await replace(document, "K.transpose(-2, -1)", "K");
      const [problem] = await until(
        () => problemsOf(document),
        (found) => found.length > 0,
      );
      assert.ok(problem !== undefined);
      assert.equal(document.getText(problem.range), "Q @ K");
      assert.equal(problem.source, "shapesight");
      assert.match(problem.message, /\(batch, n_heads, seq_q, d_k\).*\(batch, n_heads, seq_k, d_k\)/s);
      await replace(document, "Q @ K ", "Q @ K.transpose(-2, -1) ");
      await until(
        () => problemsOf(document),
        (found) => found.length === 0,
      );
    });

    test("code that is right has no problems", async () => {
      const folder = vscode.workspace.workspaceFolders?.[0];
      assert.ok(folder !== undefined);
      for (const name of ["seed_attention.py", "mlp.py", "gpt.py", "cnn.py"]) {
        const document: vscode.TextDocument = await vscode.workspace.openTextDocument(
          vscode.Uri.joinPath(folder.uri, name),
        );
        await vscode.window.showTextDocument(document);
        await until(
          () => hintsOf(document),
          (hints) => hints.length > 0,
        );
        assert.deepEqual(
          (await problemsOf(document)).map(({ message }) => message),
          [],
          name,
        );
      }
    });

    test("a file on a file system of an extension's own is understood", async () => {
      const files = new OneFile(attention);
      const registration = vscode.workspace.registerFileSystemProvider("shapesight-test", files, { isReadonly: true });
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse("shapesight-test:/attention.py"));
      await vscode.window.showTextDocument(document);
      await until(
        () => hoverText(document, "scores ="),
        (shown) => shown.includes("(batch, n_heads, seq_q, seq_k)"),
      );
      registration.dispose();
    });
  });
}

/** An untitled Python document, which lies on no disk. */
async function open(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: "python", content });
  await vscode.window.showTextDocument(document);
  return document;
}

async function replace(document: vscode.TextDocument, text: string, by: string): Promise<void> {
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `the document holds ${text}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(
    document.uri,
    new vscode.Range(document.positionAt(start), document.positionAt(start + text.length)),
    by,
  );
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function hoverText(document: vscode.TextDocument, text: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(text));
  const hovers = await vscode.commands.executeCommand<readonly vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  const parts = hovers.flatMap(({ contents }) => contents);
  return parts.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
}

async function hintsOf(document: vscode.TextDocument): Promise<readonly string[]> {
  const range = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<readonly vscode.InlayHint[] | undefined>(
    "vscode.executeInlayHintProvider",
    document.uri,
    range,
  );
  return (hints ?? []).map(({ label }) =>
    typeof label === "string" ? label : label.map(({ value }) => value).join(""),
  );
}

function problemsOf(document: vscode.TextDocument): Promise<readonly vscode.Diagnostic[]> {
  return Promise.resolve(vscode.languages.getDiagnostics(document.uri));
}

/** Asks again until the answer is as wanted; the last one is in the error when it never is. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`the answer stayed ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A file system that holds one file, as a remote or a repository browser would give it. */
class OneFile implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly #bytes: Uint8Array;
  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
  }
  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.#bytes.length };
  }
  readFile(): Uint8Array {
    return this.#bytes;
  }
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  createDirectory(): void {}
  writeFile(): void {}
  delete(): void {}
  rename(): void {}
}

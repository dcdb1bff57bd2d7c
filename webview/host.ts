/**
 * The page's line to the extension. Inside VS Code it is the webview API; on the development page, where there is
 * none, the same messages end in the console and the browser's own clipboard. Nothing else touches either.
 */

import { parseHostMessage, type HostMessage, type PageMessage } from "../src/playground/messages.ts";

interface WebviewApi {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
}

declare global {
  // The function exists only inside a webview, and may be called only once.
  var acquireVsCodeApi: (() => WebviewApi) | undefined;
}

type Question = Extract<PageMessage, { type: "copy" | "reveal" | "link" | "save" | "wgsl" }>;

export interface Host {
  readonly inEditor: boolean;
  /** What was kept before the page was last closed or reloaded. */
  kept(): unknown;
  keep(state: unknown): void;
  send(message: PageMessage): void;
  /** Sends a question and gives the answer: a sentence when it could not be done. */
  ask(question: (id: number) => Question): Promise<string | undefined>;
  listen(heard: (message: HostMessage) => void): void;
}

export function connect(): Host {
  const { postMessage: tell, getState, setState } = globalThis.acquireVsCodeApi?.() ?? standIn();
  const waiting = new Map<number, (problem: string | undefined) => void>();
  let next = 1;
  const send = (message: PageMessage): void => tell(message);
  return {
    inEditor: globalThis.acquireVsCodeApi !== undefined,
    kept: () => getState(),
    keep: (state) => setState(state),
    send,
    ask(question) {
      const id = next++;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send(question(id));
      });
    },
    listen(heard) {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        const message = parseHostMessage(event.data);
        if (!message.ok) return;
        if (message.value.type !== "done") return heard(message.value);
        waiting.get(message.value.id)?.(message.value.problem);
        waiting.delete(message.value.id);
      });
    },
  };
}

/** Outside VS Code: state lives in the session, and questions are answered by the page itself. */
function standIn(): WebviewApi {
  const KEY = "shapesight.playground";
  const answer = (id: number, problem?: string): void =>
    window.postMessage(problem === undefined ? { type: "done", id } : { type: "done", id, problem }, location.origin);
  return {
    getState: () => JSON.parse(sessionStorage.getItem(KEY) ?? "null") as unknown,
    setState: (state) => sessionStorage.setItem(KEY, JSON.stringify(state)),
    postMessage(message) {
      const { type, id, text, name, bytes } = message as Sent;
      if (id === undefined) return;
      if (type === "reveal") answer(id, "There is no editor beside this page.");
      if (type === "save") {
        download(name ?? "values", bytes ?? new Uint8Array());
        answer(id);
      }
      if (type !== "copy" && type !== "link") return;
      navigator.clipboard.writeText(text ?? "").then(
        () => answer(id),
        () => answer(id, "The browser did not allow copying."),
      );
    },
  };
}

/** Whatever the page sends, with what its questions carry. */
type Sent = {
  readonly type: string;
  readonly id?: number;
  readonly text?: string;
  readonly name?: string;
  readonly bytes?: Uint8Array;
};

function download(name: string, bytes: Uint8Array): void {
  const address = URL.createObjectURL(new Blob([Uint8Array.from(bytes)]));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

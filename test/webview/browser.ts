// A headless Chromium with the playground's page in it: with a software GPU or without any, and with an editor that
// records what the page says to it.
import { chromium, type Browser, type Page } from "playwright-core";
import { servePlayground } from "../../scripts/serve-playground.mjs";

const PLAIN = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"];
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

export interface Stage {
  readonly server: Awaited<ReturnType<typeof servePlayground>>;
  open(options?: OpenOptions): Promise<Shown>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly gpu?: boolean;
  readonly width?: number;
  readonly theme?: "light" | "dark" | "hc-light" | "hc-dark";
  /** Runs in the page before anything else. */
  readonly before?: () => void;
}

export interface Shown {
  readonly page: Page;
  /** What the console reported as wrong, violations of the content policy among it. */
  readonly complaints: readonly string[];
  attribute(name: "run" | "status" | "path"): Promise<string>;
  /** Waits until the last change has been computed. */
  settled(after?: number): Promise<void>;
  text(testId: string): Promise<string>;
  /** What the page has said to the editor. */
  said(): Promise<readonly { readonly type: string; readonly [key: string]: unknown }[]>;
  tell(message: unknown): Promise<void>;
}

export async function raise(): Promise<Stage> {
  const server = await servePlayground({ minify: true });
  const browsers = new Map<boolean, Promise<Browser>>();
  const browserWith = (gpu: boolean): Promise<Browser> => {
    const known =
      browsers.get(gpu) ??
      chromium.launch({ executablePath: "/usr/bin/chromium", args: [...PLAIN, ...(gpu ? SOFTWARE_GPU : [])] });
    browsers.set(gpu, known);
    return known;
  };
  let last: Page | undefined;
  return {
    server,
    open: async (options = {}) => {
      // One page at a time: an idle one still holds a device.
      await last?.close();
      const shown = await show(await browserWith(options.gpu ?? true), server.url, options);
      last = shown.page;
      return shown;
    },
    close: async () => {
      for (const browser of browsers.values()) await (await browser).close();
      await server.close();
    },
  };
}

/** Stands in for the editor: keeps the state through reloads, records messages, and answers questions. */
function editor(): void {
  const said: unknown[] = [];
  const KEY = "kept";
  Object.assign(globalThis, {
    said,
    acquireVsCodeApi: () => ({
      getState: () => JSON.parse(sessionStorage.getItem(KEY) ?? "null") as unknown,
      setState: (state: unknown) => sessionStorage.setItem(KEY, JSON.stringify(state)),
      postMessage: (message: { readonly type: string; readonly id?: number }) => {
        said.push(message);
        const asks = ["copy", "reveal", "link", "save", "wgsl"].includes(message.type);
        if (asks) window.postMessage({ type: "done", id: message.id }, "*");
      },
    }),
  });
}

async function show(
  browser: Browser,
  url: string,
  { width = 1200, theme = "dark", before }: OpenOptions,
): Promise<Shown> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("404")) complaints.push(message.text());
  });
  await page.addInitScript(editor);
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(`${url}?bare&theme=${theme}`);
  const root = page.getByTestId("playground");
  const shown: Shown = {
    page,
    complaints,
    attribute: async (name) => (await root.getAttribute(`data-${name}`)) ?? "",
    settled: async (after = 0) => {
      await page.waitForFunction((least) => {
        const data = document.getElementById("playground")?.dataset;
        return data !== undefined && Number(data["run"]) > least && data["status"] === "idle";
      }, after);
    },
    text: async (testId) => ((await page.getByTestId(testId).textContent()) ?? "").replace(/\s+/g, " ").trim(),
    said: () => page.evaluate(() => (globalThis as unknown as { said: { type: string }[] }).said),
    tell: (message) => page.evaluate((sent) => window.postMessage(sent, "*"), message),
  };
  return shown;
}

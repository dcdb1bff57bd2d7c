// What the page does when it is given an operation, reloaded, or left without a GPU: nothing typed is lost, and the
// reason is told in place.
import { expect, test } from "vitest";
import { ATTENTION } from "./graphs.ts";
import { type Stage } from "./browser.ts";

export function paths(stageOf: () => Stage): void {
  const operation = {
    operator: "matmul",
    title: "scores = Q @ K.transpose(-2, -1)",
    source: { uri: "file:///attention.py", file: "attention.py", line: 40, code: "scores = Q @ K.transpose(-2, -1)" },
    result: "scores",
    operands: [
      { name: "Q", dims: ["batch", "n_heads", "seq_q", "d_k"] },
      { name: "K", dims: ["batch", "n_heads", "seq_k", "d_k"] },
    ],
    options: { transposeB: true },
  };

  test("an operation from code opens with its own names, and leads back", async () => {
    const shown = await stageOf().open();
    await shown.settled();
    const before = Number(await shown.attribute("run"));
    await shown.tell({ type: "open", id: 7, operation });
    await shown.settled(before);
    for (const name of ["batch", "n_heads", "seq_q", "seq_k", "d_k"]) {
      expect(Number(await shown.page.getByTestId(`size-${name}`).inputValue())).toBeGreaterThan(1);
    }
    expect(await shown.text("source-link")).toBe("attention.py:41");
    await shown.page.getByTestId("source-link").click();
    await expect.poll(async () => (await shown.said()).at(-1)?.type).toMatch(/reveal|title/);
    const said = await shown.said();
    expect(said.find(({ type }) => type === "reveal")?.["source"]).toEqual(operation.source);
    expect(said.find(({ type }) => type === "opened")).toEqual({ type: "opened", id: 7 });
    expect(shown.complaints).toEqual([]);
  });

  test("an operation that cannot be shown is told to both sides", async () => {
    const shown = await stageOf().open();
    await shown.settled();
    const [q, k] = operation.operands;
    await shown.tell({ type: "open", id: 8, operation: { ...operation, operands: [{ name: "Q", dims: [] }, k ?? q] } });
    await expect.poll(() => shown.text("banner")).toContain("matmul needs at least one dimension; Q has 0.");
    expect((await shown.said()).find(({ type }) => type === "opened")?.["problem"]).toContain("Q has 0");
  });

  test("a function opens whole: every operation is computed, its sizes can be turned, and its lines lead back", async () => {
    const shown = await stageOf().open({ gpu: false });
    await shown.settled();
    await shown.tell({ type: "graph", graph: ATTENTION });
    for (const name of ["Q", "K", "V", "scores", "weights", "output"]) {
      await expect.poll(() => shown.text(`node-${name}`)).toMatch(/normal values|kernel ·/);
    }
    expect(await shown.text("node-weights")).toContain("(2, 4, 8, 12)");
    await shown.page.getByTestId("function-size-seq_k").fill("5");
    await expect.poll(() => shown.text("node-weights")).toContain("(2, 4, 8, 5)");
    await shown.page.getByTestId("node-scores").locator(".expression").click();
    await expect
      .poll(async () => (await shown.said()).findLast(({ type }) => type === "reveal"))
      .toMatchObject({
        source: { line: 11 },
      });
    await shown.page.getByTestId("tab-matmul").click();
    expect(await shown.text("formula")).toContain("scores");
    await shown.page.getByTestId("tab-function").click();
    await shown.page.reload();
    await expect.poll(() => shown.text("node-weights")).toContain("(2, 4, 8, 5)");
    expect(shown.complaints).toEqual([]);
  });

  test("a reload brings back what was chosen", async () => {
    const shown = await stageOf().open();
    await shown.settled();
    await shown.page.getByTestId("tab-attention").click();
    await shown.page.getByTestId("size-T").fill("11");
    await shown.page.getByTestId("mask").selectOption("none");
    await shown.page.reload();
    await shown.settled();
    expect(await shown.page.getByTestId("tab-attention").getAttribute("aria-selected")).toBe("true");
    expect(await shown.page.getByTestId("size-T").inputValue()).toBe("11");
    expect(await shown.page.getByTestId("mask").inputValue()).toBe("none");
    expect((await shown.said())[0]).toEqual({ type: "ready", restored: true });
  });

  test("a kept state that is damaged is replaced by the example", async () => {
    const shown = await stageOf().open({
      before: () => sessionStorage.setItem("kept", '{"version": 1, "tab": "conv"}'),
    });
    await shown.settled();
    expect(await shown.text("badge")).toContain("✓");
    expect(shown.complaints).toEqual([]);
  });

  test("a lost GPU comes back with everything as it was", async () => {
    const shown = await stageOf().open({
      before: () => {
        const original: (this: GPUAdapter, wanted?: GPUDeviceDescriptor) => Promise<GPUDevice> = Reflect.get(
          GPUAdapter.prototype,
          "requestDevice",
        );
        GPUAdapter.prototype.requestDevice = async function (descriptor) {
          const device = await original.call(this, descriptor);
          Object.assign(globalThis, { lose: () => device.destroy() });
          return device;
        };
      },
    });
    await shown.page.waitForSelector("[data-path=gpu][data-status=idle]");
    await shown.page.getByTestId("size-S").fill("23");
    await shown.settled();
    const lose = (): Promise<void> => shown.page.evaluate(() => (globalThis as unknown as { lose: () => void }).lose());
    await lose();
    await expect.poll(() => shown.text("banner")).toContain("The GPU was lost and is back");
    await shown.page.waitForSelector("[data-path=gpu][data-status=idle]");
    expect(await shown.page.getByTestId("size-S").inputValue()).toBe("23");
    await lose();
    await shown.page.waitForTimeout(300);
    await lose();
    await expect.poll(() => shown.text("reason")).toContain("The GPU was lost");
    await shown.page.waitForSelector("[data-path=cpu][data-status=idle]");
    expect(await shown.page.getByTestId("size-S").inputValue()).toBe("23");
    await shown.page.getByRole("button", { name: "Use the GPU again" }).click();
    await shown.page.waitForSelector("[data-path=gpu][data-status=idle]");
  });

  test.each([
    { why: "no adapter", gpu: false, before: () => undefined, says: "CPU · no GPU adapter" },
    {
      why: "no API",
      gpu: true,
      before: () => Object.defineProperty(Navigator.prototype, "gpu", { value: undefined }),
      says: "CPU · no WebGPU",
    },
    {
      why: "an insecure page",
      gpu: true,
      before: () => Object.defineProperty(globalThis, "isSecureContext", { value: false }),
      says: "CPU · not a secure page",
    },
    {
      why: "a device that is refused",
      gpu: true,
      before: () => {
        GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error("out of handles"));
      },
      says: "CPU · the GPU refused",
    },
  ])("without a GPU for $why, the CPU computes the same and says why", async ({ gpu, before, says }) => {
    const shown = await stageOf().open({ gpu, before });
    await expect.poll(() => shown.text("reason")).toContain(says);
    await shown.settled();
    expect(await shown.attribute("path")).toBe("cpu");
    expect(await shown.text("badge")).toMatch(/^CPU · max error [\d.e-]+ ✓$/);
    expect(await shown.text("device")).toContain(says);
    const before2 = Number(await shown.attribute("run"));
    await shown.page.getByTestId("tab-attention").click();
    await shown.settled(before2);
    expect(await shown.text("badge")).toContain("✓");
    expect(shown.complaints).toEqual([]);
  });

  test("the CPU's kernels run on a thread of their own, and on the page's where none can be started", async () => {
    const shown = await stageOf().open({ gpu: false });
    await expect.poll(() => shown.text("reason")).toContain("no GPU adapter");
    await shown.settled();
    expect(shown.page.workers().length).toBe(1);
    expect(await shown.page.locator(".kernel.on .kernel-name").textContent()).toMatch(/^wasm/);
    const alone = await stageOf().open({
      gpu: false,
      before: () => {
        Object.defineProperty(globalThis, "Worker", { value: undefined });
      },
    });
    await expect.poll(() => alone.text("reason")).toContain("no GPU adapter");
    await alone.settled();
    expect(await alone.page.locator(".kernel.on .kernel-name").textContent()).toBe("cpu");
    expect(await alone.text("badge")).toContain("✓");
    expect(alone.complaints).toEqual([]);
  });
}

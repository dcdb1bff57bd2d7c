// The playground's page in a real browser with a software GPU: what a person sees, turns and reads.
import { expect, test } from "vitest";
import { benchFrom } from "../../src/playground/link.ts";
import { type OpenOptions, type Shown, type Stage } from "./browser.ts";

export function using(stageOf: () => Stage): void {
  let shown: Shown;

  /** A fresh page whose GPU has computed what is in view. */
  async function opened(options: OpenOptions = {}): Promise<Shown> {
    const fresh = await stageOf().open(options);
    await fresh.page.waitForSelector("[data-path=gpu][data-status=idle]");
    return fresh;
  }

  async function runs(): Promise<number> {
    return Number(await shown.attribute("run"));
  }

  async function fill(testId: string, text: string): Promise<void> {
    const before = await runs();
    await shown.page.getByTestId(testId).fill(text);
    await shown.settled(before);
  }

  async function choose(testId: string, option: string): Promise<void> {
    const before = await runs();
    await shown.page.getByTestId(testId).selectOption(option);
    await shown.settled(before);
  }

  test("it opens with a product that the GPU has computed and that is right", async () => {
    shown = await opened();
    expect(await shown.text("device")).toContain("SwiftShader (software) · WebGPU · this computer");
    expect(await shown.text("badge")).toMatch(/^max error \d\.\de-\d+ ✓$/);
    expect(await shown.text("time")).toMatch(/^live · run \d+ · [\d.]+ (µs|ms)$/);
    expect(shown.complaints).toEqual([]);
    expect((await shown.said())[0]).toEqual({ type: "ready", restored: false });
  });

  test("every value of ones times ones is the number of products", async () => {
    await choose("fill-Q", "ones");
    await choose("fill-K", "ones");
    expect(await shown.text("cell-value")).toBe("8.000");
    await fill("size-D", "24");
    expect(await shown.text("cell-value")).toBe("24.00");
  });

  test("rows of arange times identity come back", async () => {
    await fill("size-D", "16");
    await choose("fill-Q", "arange");
    await choose("fill-K", "identity");
    await shown.page.getByTestId("step-B").fill("0");
    await shown.page.getByTestId("step-H").fill("0");
    await shown.page.getByTestId("map-scores").locator(".over").focus();
    await shown.page.keyboard.press("Home");
    for (let i = 0; i < 3; i++) await shown.page.keyboard.press("PageUp");
    await shown.page.keyboard.press("ArrowDown");
    await shown.page.keyboard.press("ArrowRight");
    // Element 17 of 2·4·16·16, counted as arange counts.
    await expect.poll(() => shown.text("cell")).toContain("scores[0,0,1,1]");
    expect(await shown.text("cell-value")).toBe("0.008");
    await expect.poll(() => shown.page.locator(".sr-live").textContent()).toBe("scores, T 1, S 1: 0.008");
  });

  test("a thousand movements end at the last, in far fewer runs", async () => {
    const before = await runs();
    await shown.page.getByTestId("size-T").evaluate((field: HTMLInputElement) => {
      for (let i = 0; i < 1000; i++) {
        field.value = String(2 + (i % 40));
        field.dispatchEvent(new Event("input"));
      }
    });
    await shown.settled(before);
    expect(await shown.page.getByTestId("size-T").inputValue()).toBe("41");
    expect(await shown.text("operand-Q")).toContain("(2, 4, 41, 16)");
    expect((await runs()) - before).toBeLessThan(20);
  });

  test("sizes that do not fit are told before anything runs, and put right by one click", async () => {
    await shown.page.getByText("Reset").click();
    await shown.page.getByTestId("transpose-K").uncheck();
    expect(await shown.text("problem")).toBe(
      "Cannot multiply Q (2, 4, 16, 8) by K (2, 4, 16, 8): the inner sizes are 8 and 16. Transpose K",
    );
    expect(await shown.attribute("status")).toBe("error");
    expect(await shown.page.getByTestId("size-S").getAttribute("aria-invalid")).toBe("true");
    const before = await runs();
    await shown.page.getByTestId("remedy").click();
    await shown.settled(before);
    expect(await shown.page.getByTestId("transpose-K").isChecked()).toBe(true);
  });

  test("a result too large for a picture is refused with the size that fits", async () => {
    await shown.page.getByTestId("size-S").fill("9000000");
    expect(await shown.text("problem")).toMatch(
      /^K needs 2.15 GiB; a picture allows 256 MiB in one buffer\. Largest S/,
    );
    const before = await runs();
    await shown.page.getByTestId("size-S").fill("16");
    await shown.settled(before);
    expect(await shown.attribute("status")).toBe("idle");
  });

  test("an operand broadcast over the batches loses its leading axes and keeps its product", async () => {
    const before = await runs();
    await shown.page.getByTestId("broadcast-K").check();
    await shown.settled(before);
    expect(await shown.text("operand-K")).toContain("(S, D)");
    expect(await shown.text("badge")).toContain("✓");
  });

  test("attention shows every stage, hides the future and adds up to one", async () => {
    const before = await runs();
    await shown.page.getByTestId("tab-attention").click();
    await shown.settled(before);
    for (const name of ["Q", "K", "scores", "scaled", "masked", "weights", "V", "output"]) {
      expect(await shown.page.getByTestId(`figure-${name}`).count()).toBe(1);
    }
    await shown.page.getByTestId("table-toggle").click();
    await shown.page.waitForSelector(".table td");
    const cells = (await shown.page.locator(".table td").allTextContents()).map(numberOf);
    const rows = Array.from({ length: 16 }, (_, i) => cells.slice(16 * i, 16 * i + 16));
    rows.forEach((row, query) => {
      expect(row.slice(query + 1).every((weight) => weight === 0)).toBe(true);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 1);
    });
    await choose("mask", "none");
    const open = await shown.page.locator(".table td").allTextContents();
    expect(numberOf(open[1] ?? "")).toBeGreaterThan(0);
    expect(await shown.text("badge")).toContain("✓");
  });

  test("zooming shows a part of a dimension in every picture, and the cell that is looked at stays in view", async () => {
    const map = shown.page.getByTestId("map-weights");
    await map.locator(".over").focus();
    for (let i = 0; i < 3; i++) await shown.page.keyboard.press("+");
    // Three steps take sixteen rows to seven.
    const seen = async (): Promise<readonly number[]> => {
      const fields = ["first-T", "last-T"].map((id) => shown.page.getByTestId(id).inputValue());
      return (await Promise.all(fields)).map(Number);
    };
    await expect.poll(seen).toEqual([5, 11]);
    for (let i = 0; i < 10; i++) await shown.page.keyboard.press("ArrowUp");
    await expect.poll(() => shown.text("cell")).toContain("weights[0,1,0,");
    expect(await seen()).toEqual([0, 6]);
    expect(await shown.page.getByTestId("map-Q").locator(".axis.y").textContent()).toContain("0–6");
    await shown.page.keyboard.press("0");
    await expect.poll(() => shown.page.getByTestId("ranges").count()).toBe(0);
  });

  test("choosing another kernel gives the same picture", async () => {
    const value = await shown.text("cell-value");
    const before = await runs();
    await shown.page.getByTestId("kernel-composed").check({ force: true });
    await shown.settled(before);
    expect(await shown.text("cell-value")).toBe(value);
    expect(await shown.text("badge")).toContain("✓");
  });

  test("the computation can be taken away as a program", async () => {
    await shown.page.getByTestId("copy-pytorch").click();
    await expect.poll(() => shown.text("copy-pytorch")).toBe("Copied");
    const copied = (await shown.said()).findLast(({ type }) => type === "copy");
    expect(copied?.["text"]).toContain("output = torch.nn.functional.scaled_dot_product_attention(Q, K, V)");
    expect(shown.complaints).toEqual([]);
  });

  test("the tensor that is looked at can be taken away in four forms, and the bench as a link", async () => {
    for (const [kind, name] of [
      ["png", "weights.png"],
      ["csv", "weights.csv"],
      ["npy", "weights.npy"],
      ["json", "timings.json"],
    ] as const) {
      await shown.page.getByTestId(`save-${kind}`).click();
      await expect.poll(() => shown.text(`save-${kind}`)).toBe("Saved");
      const saved = (await shown.said()).findLast(({ type }) => type === "save");
      expect(saved?.["name"]).toBe(name);
    }
    await shown.page.getByTestId("copy-link").click();
    await expect.poll(() => shown.text("copy-link")).toBe("Copied");
    const link = (await shown.said()).findLast(({ type }) => type === "link");
    const bench = benchFrom(String(link?.["text"]));
    if (bench === undefined) throw new Error("The link holds no bench.");
    expect(bench.operation.operator).toBe("attention");
    const before = await runs();
    await shown.tell({ type: "bench", bench: { ...bench, sizes: { ...bench.sizes, T: 3 } } });
    await shown.settled(before);
    expect(await shown.page.getByTestId("size-T").inputValue()).toBe("3");
    expect(shown.complaints).toEqual([]);
  });
}

/** A printed value, with its true minus, as a number again. */
const numberOf = (text: string): number => Number(text.replaceAll("−", "-"));

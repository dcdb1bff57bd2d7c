// Values that a person gives to the page: pasted, dropped, kept through a reload, and refused in words.
import { expect, test } from "vitest";
import type { Shown, Stage } from "./browser.ts";
import { FILES } from "./files.ts";

/** Drops a file on an operand's row. */
async function drop({ page }: Shown, on: string, name: string, base64: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], file));
      return transfer;
    },
    [name, base64] as const,
  );
  await page.getByTestId(on).dispatchEvent("drop", { dataTransfer: data });
}

export function giving(stageOf: () => Stage): void {
  test("pasted lists become operands, and stay through a reload", async () => {
    const shown = await stageOf().open({ gpu: false });
    await shown.settled();
    await shown.page.getByTestId("fill-Q").selectOption("give");
    const text = shown.page.getByTestId("given-text");
    await text.fill("[[1, 2], [3]]");
    expect(await shown.text("given-says")).toBe("Line 1: entry 1 is (1), those before it are (2).");
    expect(await shown.page.getByTestId("given-use").isDisabled()).toBe(true);
    await text.fill("np.array([[1, 2, 3], [4, 5, 6]])");
    expect(await shown.text("given-says")).toBe("(2, 3) · 6 values");
    const before = Number(await shown.attribute("run"));
    await shown.page.getByTestId("given-use").click();
    await shown.settled(before);
    expect(await shown.page.getByTestId("size-T").inputValue()).toBe("2");
    expect(await shown.page.getByTestId("size-D").inputValue()).toBe("3");
    await shown.page.getByTestId("fill-K").selectOption("ones");
    await shown.settled(before + 1);
    expect(await shown.text("cell-value")).toBe("15.00");
    await shown.page.reload();
    await shown.settled();
    expect(await shown.page.getByTestId("fill-Q").inputValue()).toBe("given");
    expect(await shown.text("cell-value")).toBe("15.00");
    await shown.page.getByTestId("size-D").fill("4");
    expect(await shown.text("problem")).toContain("Q was given as (2, 3) (pasted)");
    await shown.page.getByTestId("remedy").click();
    await shown.settled();
    expect(await shown.text("badge")).toContain("✓");
    expect(shown.complaints).toEqual([]);
  });

  test("files are dropped on the operand that they fill; what does not fit leaves everything as it was", async () => {
    const shown = await stageOf().open({ gpu: false });
    await shown.settled();
    const before = Number(await shown.attribute("run"));
    await drop(shown, "operand-K", "w.npz", FILES.npz);
    await expect.poll(() => shown.text("given-says")).toBe("w.npz holds 2 tensors. Which one?");
    await shown.page.getByTestId("offer-w").click();
    await shown.settled(before);
    expect(await shown.text("operand-K")).toContain("w.npz: w");
    expect(await shown.page.getByTestId("size-S").inputValue()).toBe("40");
    const runs = Number(await shown.attribute("run"));
    await drop(shown, "operand-Q", "z.npy", FILES.complex);
    await expect.poll(() => shown.text("given-says")).toBe("z.npy holds complex numbers; here are only real numbers.");
    expect(Number(await shown.attribute("run"))).toBe(runs);
    expect(await shown.page.getByTestId("fill-Q").inputValue()).toBe("demo");
    await shown.page.getByTestId("given-text").press("Escape");
    await expect.poll(() => shown.page.getByTestId("giving").count()).toBe(0);
    expect(shown.complaints).toEqual([]);
  });
}

// The kernels' WGSL in an editor: it is handed out, a saved text runs if it compiles, and is held against the same check.
import { expect, test } from "vitest";
import type { Program } from "../../src/playground/messages.ts";
import type { Shown, Stage } from "./browser.ts";

/** The programs that the page asked the editor to open, or to show anew. */
async function programsSaid(shown: Shown, kind: "wgsl" | "programs"): Promise<readonly Program[]> {
  const message = (await shown.said()).findLast(({ type }) => type === kind);
  return (message?.["programs"] ?? []) as readonly Program[];
}

export function wgsl(stageOf: () => Stage): void {
  test("a kernel's WGSL is opened, changed, checked, refused where it does not compile, and given back", async () => {
    const shown = await stageOf().open();
    await shown.page.waitForSelector("[data-path=gpu][data-status=idle]");
    const runs = async (): Promise<number> => Number(await shown.attribute("run"));
    let before = await runs();
    await shown.page.getByTestId("kernel-naive").check({ force: true });
    await shown.settled(before);
    await shown.page.getByTestId("wgsl").click();
    await expect.poll(() => programsSaid(shown, "wgsl")).not.toEqual([]);
    const [program] = await programsSaid(shown, "wgsl");
    if (program === undefined) throw new Error("The naive kernel has a program.");
    expect(program.place).toMatchObject({ operator: "matmul", kernel: "naive" });
    expect(program.wgsl).toContain("@compute");

    const broken = `${program.wgsl}\nfn odd() -> f32 { return 1u; }\n`;
    await shown.tell({ type: "text", place: program.place, wgsl: broken });
    await expect.poll(() => shown.text("broken")).toContain("Your naive does not compile");
    const complaints = (await shown.said()).findLast(({ type }) => type === "complaints");
    const line = broken.split("\n").findIndex((text) => text.startsWith("fn odd")) + 1;
    expect(complaints?.["complaints"]).toMatchObject([{ line, severity: "error" }]);
    expect(await shown.text("badge")).toContain("✓");

    before = await runs();
    await shown.tell({ type: "text", place: program.place, wgsl: `// mine\n${program.wgsl}` });
    await shown.settled(before);
    expect(await shown.text("yours")).toContain("Your own WGSL runs as naive");
    expect(await shown.text("badge")).toContain("✓");

    before = await runs();
    const wrong = program.wgsl.replace(/\bsum \+=/, "sum -=").replace(/\+= (?!1)/, "-= ");
    expect(wrong).not.toBe(program.wgsl);
    await shown.tell({ type: "text", place: program.place, wgsl: wrong });
    await shown.settled(before);
    expect(await shown.text("badge")).toContain("wrong on this device");

    before = await runs();
    await shown.page.getByTestId("ours").click();
    await shown.settled(before);
    expect(await shown.text("badge")).toContain("✓");
    expect(await programsSaid(shown, "programs")).toEqual([program]);
    expect(shown.complaints).toEqual([]);
  });
}

// The entry that VS Code calls to test the extension from inside its own host. Collects the tests, runs them by mocha,
// and writes the count for scripts/host.mjs; each line of its report is marked, since a host logs much else.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { defineEditorTests } from "./editor.ts";
import { definePlaygroundTests } from "./playground.ts";

export async function run(): Promise<void> {
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({ ui: "tdd", timeout: 60_000, reporter: Mocha.reporters.Base });
  // The interface of mocha's `tdd` style becomes global by this event, which loading a file would cause otherwise.
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  defineEditorTests();
  definePlaygroundTests();

  const count = { passed: 0, failed: 0, skipped: 0 };
  const report = (line: string): void => {
    for (const each of line.split("\n")) console.log(`[suite] ${each}`);
  };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", (test) => {
      count.passed += 1;
      report(`✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on("fail", (test, error) => {
      count.failed += 1;
      report(`✗ ${test.fullTitle()}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    runner.on("pending", () => (count.skipped += 1));
  });
  const results = process.env["SHAPESIGHT_RESULTS"];
  if (results !== undefined) {
    await mkdir(dirname(results), { recursive: true });
    await writeFile(results, JSON.stringify(count));
  }
  if (count.failed > 0) throw new Error(`${count.failed} tests failed`);
}

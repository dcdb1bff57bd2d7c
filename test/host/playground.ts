// The playground's panel, as the host sees it: one tab, reused, with the right title.
import assert from "node:assert/strict";
import * as vscode from "vscode";

export function definePlaygroundTests(): void {
  suite("playground", () => {
    test("its command opens one panel, and the same one again", async () => {
      await vscode.commands.executeCommand("shapesight.openPlayground");
      await untilTabs(1);
      await vscode.commands.executeCommand("shapesight.openPlayground");
      await untilTabs(1);
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await untilTabs(0);
    });

    test("every command that is announced is there", async () => {
      const commands = await vscode.commands.getCommands(true);
      const ours = commands.filter((command) => command.startsWith("shapesight.")).toSorted();
      for (const name of [
        "copyShape",
        "openInPlayground",
        "openPlayground",
        "restartServer",
        "showOutput",
        "toggleHints",
      ]) {
        assert.ok(ours.includes(`shapesight.${name}`), `${name} among ${ours.join(", ")}`);
      }
    });
  });
}

function playgroundTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("shapesight.playground"),
  );
}

async function untilTabs(count: number): Promise<void> {
  const end = Date.now() + 20_000;
  while (playgroundTabs().length !== count) {
    assert.ok(Date.now() < end, `there are ${playgroundTabs().length} playgrounds, not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

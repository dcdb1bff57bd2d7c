// The playground's page, found within VS Code's window, and where its parts are.
import type { Frame, Locator, Page } from "playwright-core";
import { webview } from "../../scripts/vscode/workbench.mjs";

/** The page once it rests, having computed by this path. */
export async function playground(page: Page, path: "gpu" | "cpu"): Promise<Frame> {
  return webview(page, `#playground[data-status=idle][data-path=${path}]`);
}

/** The field with the size of a dimension. */
export function sizeIn(frame: Frame, dimension: string): Locator {
  return frame.locator(`[data-testid=size-${dimension}]`);
}

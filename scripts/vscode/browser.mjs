// Starts the browser that shows VS Code in tests and in the demo. Knows Chromium's switches and nothing else.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "../setup/debian.mjs";
import { Stop } from "../setup/steps.mjs";

const always = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** WebGPU by SwiftShader, and a canvas that it can draw to. Without these, there is no adapter on a machine like CI's. */
const softwareWebGpu = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
];

/** Debian's Chromium refuses storage to frames of other origins, which is what webviews are. */
const preferences = { profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } };

/**
 * Opens one window with a profile of its own, which goes when it is closed.
 * @param {{ webgpu: boolean, width?: number, height?: number }} options
 */
export async function openBrowser({ webgpu, width = 1280, height = 800 }) {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Stop("No Chromium was found; set CHROMIUM to one.");
  const profile = mkdtempSync(path.join(os.tmpdir(), "shapesight-browser-"));
  mkdirSync(path.join(profile, "Default"));
  writeFileSync(path.join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width, height },
    args: [...always, ...(webgpu ? softwareWebGpu : [])],
  });
  context.setDefaultTimeout(60_000);
  const close = async () => {
    await context.close();
    // The browser's last children may still write; a profile left behind in the temporary folder harms nobody.
    await rm(profile, { recursive: true, force: true, maxRetries: 10 }).catch(() => undefined);
  };
  return { page: context.pages()[0] ?? (await context.newPage()), close };
}

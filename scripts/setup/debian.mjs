// Brings in what only the operating system can give: a browser, and a software renderer for WebGPU. It installs by
// itself on Debian and Ubuntu as root; elsewhere it says what is missing.
import { existsSync } from "node:fs";
import { execute, say } from "./steps.mjs";

const browsers = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The browser that the tests drive, or undefined. */
export function findChromium() {
  return browsers.find((file) => file !== undefined && existsSync(file));
}

/** A reason why the browser can't be had, or undefined when it is there. @returns {string | undefined} */
export function installChromium() {
  if (findChromium() !== undefined) return undefined;
  return (
    installPackages(["chromium", "fonts-dejavu-core"]) ?? (findChromium() ? undefined : "no Chromium was installed")
  );
}

/** Mesa's software OpenGL, on which kernels run where there is no GPU. @returns {string | undefined} why not */
export function installSoftwareRenderer() {
  if (process.platform !== "linux" || existsSync("/usr/share/glvnd/egl_vendor.d/50_mesa.json")) return undefined;
  return installPackages(["libegl1", "libgles2", "libegl-mesa0", "libgl1-mesa-dri"]);
}

/** @param {readonly string[]} names @returns {string | undefined} why they could not be installed */
function installPackages(names) {
  if (!existsSync("/usr/bin/apt-get")) return `please install ${names[0]} (or set CHROMIUM to a browser)`;
  if (process.getuid?.() !== 0) return `please run: sudo apt-get install ${names.join(" ")}`;
  say(`installing ${names.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  execute("apt-get", ["update", "-qq"], { env });
  execute("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], { env });
  return undefined;
}

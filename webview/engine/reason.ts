/**
 * Why the playground computes on the CPU, told apart as finely as the browser allows, with what to try. The words a
 * person reads stand here, beside the cause; finding the cause is `device.ts`.
 */

import type { Sentence } from "../../src/playground/words.ts";

export type Reason =
  | { readonly kind: "insecure" }
  | { readonly kind: "no-api" }
  | { readonly kind: "no-adapter"; readonly linux: boolean }
  | { readonly kind: "no-device"; readonly detail: string }
  | { readonly kind: "lost"; readonly detail: string }
  | { readonly kind: "chosen" };

export type Told = {
  /** Short, for the banner's head and the device line. */
  readonly title: string;
  readonly says: Sentence;
  /** A command that can be copied. */
  readonly command?: string;
};

const LINUX_COMMAND = "code --enable-unsafe-webgpu --enable-features=Vulkan";
const SAME = " Until then everything is computed on the CPU: slower, with the same results.";

export function tell(reason: Reason): Told {
  switch (reason.kind) {
    case "insecure":
      return {
        title: "CPU · not a secure page",
        says: [
          "Browsers offer WebGPU only on secure pages. Open VS Code through ",
          { code: "https" },
          " or ",
          { code: "localhost" },
          ` and reload.${SAME}`,
        ],
      };
    case "no-api":
      return {
        title: "CPU · no WebGPU",
        says: [`This browser or version of VS Code has no WebGPU. A newer version, or Chrome or Edge, has.${SAME}`],
      };
    case "no-adapter":
      return reason.linux
        ? {
            title: "CPU · no GPU adapter",
            says: [
              "WebGPU is there but found no adapter: for many Linux drivers it is off by default. Close VS Code and start it with ",
              { code: LINUX_COMMAND },
              `.${SAME}`,
            ],
            command: LINUX_COMMAND,
          }
        : {
            title: "CPU · no GPU adapter",
            says: [
              `WebGPU is there but found no adapter: hardware acceleration may be off, or the driver may be on the browser's block list. Update the driver, or look for a setting like `,
              { code: "disable-hardware-acceleration" },
              `.${SAME}`,
            ],
          };
    case "no-device":
      return {
        title: "CPU · the GPU refused",
        says: [
          `The adapter was found but gave no device${detail(reason.detail)}. Close other programs that use the GPU, then try again.${SAME}`,
        ],
      };
    case "lost":
      return {
        title: "The GPU was lost",
        says: [
          `The driver reset it${detail(reason.detail)}. Sizes and operands are kept, and everything is computed on the CPU until you use the GPU again.`,
        ],
      };
    case "chosen":
      return { title: "CPU", says: ["You chose the CPU. The GPU is a click away."] };
  }
}

const detail = (text: string): string =>
  text === "" ? "" : ` (“${text.slice(0, 160).replace(/\s+/g, " ").replace(/\.$/, "")}”)`;

// The playground's page in a real browser. One browser serves all of it, one page after the other, since two cores do
// not carry more than one software GPU.
import { afterAll, beforeAll, describe, vi } from "vitest";
import { raise, type Stage } from "./browser.ts";
import { giving } from "./giving.ts";
import { look } from "./look.ts";
import { paths } from "./paths.ts";
import { wgsl } from "./wgsl.ts";
import { using } from "./using.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let stage: Stage;

beforeAll(async () => {
  stage = await raise();
});

afterAll(async () => {
  await stage.close();
});

describe("using the page", () => {
  using(() => stage);
});
describe("giving values", () => {
  giving(() => stage);
});
describe("kernels of one's own", () => {
  wgsl(() => stage);
});
describe("ways in and out", () => {
  paths(() => stage);
});
describe("how it looks", () => {
  look(() => stage);
});

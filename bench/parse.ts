/**
 * Measures how long the Python front end takes: a file read for the first time, and again after a keystroke.
 * Run it with `npm run bench -- parse`. Times are of the processor, since the clock also counts whatever
 * else the machine does.
 */
import { readFileSync } from "node:fs";
import { createPythonFrontEnd } from "../src/python/front-end.ts";
import type { PythonFrontEnd } from "../src/python/front-end.ts";

const METHOD = `    def forward_@(self, x, mask=None):
        """Attends.

        Args:
            x (Tensor): input of shape (B, T, C)
        """
        B, T, C = x.size()  # batch, time, channels
        q, k, v = self.attn_@(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)  # (B, nh, T, hs)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)  # (B, nh, T, hs)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        if mask is not None:
            att = att.masked_fill(mask[:, :, :T, :T] == 0, float("-inf"))
        att = F.softmax(att, dim=-1)
        y = att @ v
        # shape: (B, nh, T, hs)

        return self.proj_@(y.transpose(1, 2).contiguous().view(B, T, C)), {"att": att, **self.extra}

`;

/** A module of about so many lines: classes of 100 lines, with top-level statements between them. */
function moduleOf(lines: number, salt: string): string {
  const parts = ["import math\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"];
  for (let count = 0; count * 106 < lines; count += 1) {
    const methods = Array.from({ length: 5 }, (_, index) => METHOD.replaceAll("@", `${salt}${index}`)).join("");
    parts.push(`\nclass Block${salt}${count}(nn.Module):\n${methods}\n`);
    parts.push(`model${count} = Block${salt}${count}()\nx${count} = torch.randn(2, 16, ${count + 64})\n`);
    parts.push(`print(f"{model${count}(x${count})[0].shape}")\n`);
  }
  return parts.join("");
}

function cpuMilliseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

interface Timing {
  readonly median: number;
  readonly least: number;
}

function timing(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? 0, least: sorted[0] ?? 0 };
}

const RUNS = 15;

function measureCold(python: PythonFrontEnd, lines: number, round: number): Timing {
  // Other names in every run, so that no chunk is known yet.
  const texts = Array.from({ length: RUNS }, (_, run) => moduleOf(lines, `r${round}x${lines}x${run}_`));
  return timing(texts.map((text) => cpuMilliseconds(() => python.parse(text))));
}

function measureKeystroke(python: PythonFrontEnd, lines: number, insert: string): Timing {
  let text = moduleOf(lines, `k${lines}_`);
  let program = python.parse(text);
  const at = text.indexOf("y = att", text.length >> 1) + "y = att".length;
  const times = Array.from({ length: RUNS }, () => {
    text = text.slice(0, at) + insert + text.slice(at);
    return cpuMilliseconds(() => {
      program = python.parse(text, program);
    });
  });
  return timing(times);
}

const python = await createPythonFrontEnd({
  runtime: readFileSync("node_modules/web-tree-sitter/web-tree-sitter.wasm"),
  grammar: readFileSync("node_modules/tree-sitter-python/tree-sitter-python.wasm"),
});
const show = ({ median, least }: Timing): string => `${median.toFixed(1)} (${least.toFixed(1)})`;
console.log("milliseconds of processor time: median (least)");
for (const lines of [1000, 3000]) {
  measureCold(python, lines, 0);
  console.table({
    [`${lines} lines`]: {
      characters: moduleOf(lines, "x").length,
      "first read": show(measureCold(python, lines, 1)),
      "a letter typed": show(measureKeystroke(python, lines, "a")),
      "an open bracket typed": show(measureKeystroke(python, lines, "[")),
    },
  });
}

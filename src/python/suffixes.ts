/**
 * Names that end in the letters of their dimensions, `x_BTC` and `q_bhqd`. One such name says nothing, since names end
 * in capitals for many reasons; it counts where a function has several whose letters go together. It knows names only.
 */
import type { Parameter, ShapeNote } from "../program/syntax.ts";

/** Capitals that stand for something else. */
const ACRONYMS =
  /^(?:RGBA?|BGR|GBR|HSV|HSL|LAB|YUV|XYZ|GPU|CPU|TPU|CUDA|MSE|MAE|SSIM|PSNR|KL|NLL|BCE|CE|CNN|RNN|LSTM|GRU|MLP|VAE|GAN|SGD|PCA|SVD|FFT|DCT|STFT|CSV|JSON|XML|HTML|URL|URI|API|ID|OK|IO|IOU|MAP|AUC|ROC|NMS|FPN|RPN|NAN|MIN|MAX|STD|VAR|AVG|SUM|LEN|DIR|PATH|HTTP|UTF|ASCII|NCHW|NHWC|BCHW)$/;

/** The shapes that the names of parameters state, if those of the function keep to the convention. */
export function suffixShapes(parameters: readonly Parameter[], locals: readonly string[]): readonly ShapeNote[] {
  const suffixed = parameters.filter(({ name }) => suffixOf(name) !== null);
  if (suffixed.length === 0) return [];
  const names = new Set([...parameters.map(({ name }) => name), ...locals]);
  const suffixes = [...names].flatMap((name) => suffixOf(name) ?? []);
  return suffixed.flatMap((parameter) => {
    const suffix = suffixOf(parameter.name) ?? "";
    return keepsCompany(suffix, suffixes) ? [noteFor(parameter, suffix)] : [];
  });
}

function suffixOf(name: string): string | null {
  const found = /^[a-z]\w*?_([A-Z]{2,6}|[a-z]{3,5})$/.exec(name)?.[1] ?? null;
  if (found === null || ACRONYMS.test(found)) return null;
  // Small letters are words far more often.
  return /^[A-Z]/.test(found) || /^b[tchwnqkvdslmef]+$/.test(found) ? found : null;
}

/** Another name of the function shares letters with this one, and one of them is long enough to be no accident. */
function keepsCompany(suffix: string, all: readonly string[]): boolean {
  const others = all.filter((other, i) => other !== suffix || all.indexOf(other) !== i);
  const related = others.filter((other) => other.split("").some((letter) => suffix.includes(letter)));
  return related.some((other) => Math.max(other.length, suffix.length) >= 3 && (suffix.length > 2 || other !== suffix));
}

function noteFor({ name, nameSpan }: Parameter, suffix: string): ShapeNote {
  const dims = suffix.split("").map((letter) => ({ kind: "name", name: letter }) as const);
  return { span: nameSpan, subject: name, dims, others: [], source: "docstring", text: name };
}

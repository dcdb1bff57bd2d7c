/**
 * The colours of values, made from the theme alone: nothing is the plate, magnitude is ink, orange ink is positive and
 * violet ink negative. One palette serves every picture, and is read again when the theme changes.
 */

import { luminance, ramp, RAMP_STEPS, toLab, unpacked, type Ramp, type Rgb } from "./oklab.ts";

export type Palette = {
  readonly plus: Ramp;
  readonly minus: Ramp;
  readonly plate: string;
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly bad: string;
  readonly badWash: string;
  readonly hues: Readonly<Record<string, string>>;
  readonly font: string;
};

/** The values that the ends of the ramps stand for. Weights have no negative end. */
export type Domain = { readonly low: number; readonly high: number };

export const HUES = ["batch", "heads", "rows", "columns", "inner", "values"] as const;

export function readPalette(root: HTMLElement): Palette {
  const swatch = document.createElement("i");
  root.append(swatch);
  const resolve = (name: string): string => {
    swatch.style.color = `var(${name})`;
    return getComputedStyle(swatch).color;
  };
  const plate = resolve("--plate");
  const dark = toLab(rgbOf(resolve("--paper"))).lightness < 0.5;
  const far = dark ? 0.86 : 0.38;
  const palette: Palette = {
    plus: ramp(rgbOf(plate), rgbOf(resolve("--value-plus")), far, dark ? 0.4 : -0.2),
    minus: ramp(rgbOf(plate), rgbOf(resolve("--value-minus")), far, dark ? -0.1 : 0),
    plate,
    paper: resolve("--paper"),
    ink: resolve("--ink"),
    soft: resolve("--ink-2"),
    faint: resolve("--ink-4"),
    bad: resolve("--bad-line"),
    badWash: resolve("--wash-bad"),
    hues: Object.fromEntries(HUES.map((hue) => [hue, resolve(`--dim-${hue}`)])),
    font: getComputedStyle(root).getPropertyValue("--mono"),
  };
  swatch.remove();
  return palette;
}

/** Any CSS colour as numbers, painted once and read back: themes use forms that only the browser can parse. */
function rgbOf(colour: string): Rgb {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return [0, 0, 0];
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The colour of a value as a canvas stores it. */
export function pixelOf(x: number, domain: Domain, palette: Palette): number {
  const share = Math.min(1, Math.abs(x) / (domain.high || 1));
  const table = x < 0 ? palette.minus : palette.plus;
  return table[Math.round(share * (RAMP_STEPS - 1))] ?? 0;
}

export const colourOf = (x: number, domain: Domain, palette: Palette): Rgb => unpacked(pixelOf(x, domain, palette));

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

/** Black or white, whichever reads better on a cell. */
export const textOn = (cell: Rgb): string => (luminance(cell) > 0.18 ? "#000" : "#fff");

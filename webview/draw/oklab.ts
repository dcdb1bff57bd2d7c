/** Colours as numbers: sRGB to OKLab and back, and ramps between. It knows no theme. */

/** 0 to 255 each. */
export type Rgb = readonly [number, number, number];

export type Lab = { readonly lightness: number; readonly a: number; readonly b: number };

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const encoded = (c: number): number => {
  const clear = Math.min(1, Math.max(0, c));
  return Math.round(255 * (clear <= 0.0031308 ? clear * 12.92 : 1.055 * clear ** (1 / 2.4) - 0.055));
};

export function toLab([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [linear(red / 255), linear(green / 255), linear(blue / 255)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function fromLab({ lightness, a, b }: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The share of light that a colour reflects, as WCAG counts it. */
export const luminance = ([r, g, b]: Rgb): number =>
  0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);

export const RAMP_STEPS = 256;

/** Colours as a canvas stores them: red in the lowest byte, opaque. */
export type Ramp = Uint32Array;

const packed = ([red, green, blue]: Rgb): number => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
export const unpacked = (pixel: number): Rgb => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];

/**
 * From the plate to a far lightness in the hue of `pole`, turning a little on the way. Lightness is linear in the
 * value, so that equal steps look equal in every theme.
 */
export function ramp(plate: Rgb, pole: Rgb, far: number, turn: number): Ramp {
  const from = toLab(plate);
  const to = toLab(pole);
  const hue = Math.atan2(to.b, to.a);
  const chroma = Math.min(0.17, Math.hypot(to.a, to.b));
  const table = new Uint32Array(RAMP_STEPS);
  for (let i = 0; i < RAMP_STEPS; i++) {
    const t = i / (RAMP_STEPS - 1);
    const strength = chroma * Math.min(1, t * 1.7) * (1 - (0.25 * Math.max(0, t - 0.6)) / 0.4);
    const angle = hue + turn * t * t;
    const own = 1 - Math.min(1, t * 6);
    const lab = {
      lightness: from.lightness + (far - from.lightness) * t,
      a: from.a * own + strength * Math.cos(angle),
      b: from.b * own + strength * Math.sin(angle),
    };
    table[i] = packed(fromLab(lab));
  }
  return table;
}

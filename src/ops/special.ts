/**
 * Special functions of mathematics, element by element: the gamma and Bessel families, normal distributions,
 * orthogonal polynomials. They take integers as floating-point numbers. It knows no shapes but the operands'.
 */
import { argument, tensorOf } from "./arguments.ts";
import { op } from "./declare.ts";
import { floating, promoted } from "./dtype-rules.ts";
import { binary, binaryOfTensors, unary } from "./elementwise.ts";
import { alsoInPlace } from "./names.ts";
import { problem } from "./problems.ts";

const inSpecial = (...names: readonly string[]): readonly string[] => names.map((name) => `torch.special.${name}`);

const both = floating(promoted("input", "other"));
const ONE = "input: tensor, *, out: any = None";
const TWO = "input: tensor, other: tensor, *, out: any = None";

export const logGamma = unary(
  [...alsoInPlace("lgamma"), ...inSpecial("gammaln")],
  "Logarithm of the absolute value of the gamma function.",
  floating(),
  ONE,
);
export const digamma = unary(
  [...alsoInPlace("digamma"), ...inSpecial("psi")],
  "Derivative of the logarithm of the gamma function.",
  floating(),
  ONE,
);
export const incompleteGamma = binaryOfTensors(
  [...alsoInPlace("igamma", "igammac"), ...inSpecial("gammainc", "gammaincc")],
  "Regularised incomplete gamma function.",
  both,
  TWO,
);
export const multivariateGamma = unary(
  [...alsoInPlace("mvlgamma"), ...inSpecial("multigammaln")],
  "Logarithm of the multivariate gamma function.",
  floating(),
  "input: tensor, p: int, *, out: any = None",
);
export const polygamma = op({
  names: [...alsoInPlace("polygamma"), ...inSpecial("polygamma")],
  summary: "The n-th derivative of the digamma function.",
  call: {
    torch: "n: int, input: tensor, *, out: any = None",
    "torch.Tensor": "input: tensor, n: int",
  },
  shape: (call) => {
    if (argument(call, "n").kind !== "tensor") return tensorOf(call, "input").shape;
    return problem("argument", { blame: "n", message: () => "The order of a polygamma function is an integer." });
  },
  dtype: floating(),
  notation: "()->()",
});
export const zeta = binary(inSpecial("zeta"), "Hurwitz zeta function.", both, TWO);

export const bessel = unary(
  inSpecial(
    "bessel_j0",
    "bessel_j1",
    "bessel_y0",
    "bessel_y1",
    "spherical_bessel_j0",
    "modified_bessel_i0",
    "modified_bessel_i1",
    "modified_bessel_k0",
    "modified_bessel_k1",
    "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1",
    "i0e",
    "i1",
    "i1e",
    "airy_ai",
  ),
  "Bessel and Airy functions.",
  floating(),
  ONE,
);
export const normalDistribution = unary(
  inSpecial("ndtr", "ndtri", "log_ndtr", "erfcx"),
  "Area under the bell curve, its inverse and its logarithm.",
  floating(),
  ONE,
);
export const entropy = unary(inSpecial("entr"), "-x · log x of every element.", floating(), ONE);
export const xlog1py = binary(inSpecial("xlog1py"), "First operand times log(1 + second).", both, TWO);

export const polynomials = binary(
  inSpecial(
    ...["t", "u", "v", "w"].flatMap((kind) => [`chebyshev_polynomial_${kind}`, `shifted_chebyshev_polynomial_${kind}`]),
    "hermite_polynomial_h",
    "hermite_polynomial_he",
    "laguerre_polynomial_l",
    "legendre_polynomial_p",
  ),
  "Orthogonal polynomials of a degree that is given for every element.",
  both,
  "input: tensor, n as other: tensor, *, out: any = None",
);

// The activations a neuron may have: from its weighted sum z to what it passes on.
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
const softplus = (z: number) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0)
const erf = (x: number) => {
  // Abramowitz & Stegun 7.1.26: absolute error below 1.5e-7
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return Math.sign(x) * (1 - p * Math.exp(-x * x))
}

export const ACTIVATIONS: Record<string, (z: number) => number> = {
  threshold: (z) => (z > 0 ? 1 : 0),
  sigmoid,
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => (z > 0 ? z : 0.01 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  selu: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  silu: (z) => z * sigmoid(z),
  gelu: (z) => 0.5 * z * (1 + erf(z / Math.SQRT2)),
  mish: (z) => z * Math.tanh(softplus(z)),
  softplus,
  identity: (z) => z,
}

// The activations a neuron may have: from its weighted sum z to what it passes on.
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
const softplus = (z: number) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0)

export const ACTIVATIONS: Record<string, (z: number) => number> = {
  threshold: (z) => (z > 0 ? 1 : 0),
  sigmoid,
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => (z > 0 ? z : 0.01 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  selu: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  silu: (z) => z * sigmoid(z),
  // the tanh form, as in mapsto.families.activations
  gelu: (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
  mish: (z) => z * Math.tanh(softplus(z)),
  softplus,
  sin: Math.sin,
  identity: (z) => z,
}

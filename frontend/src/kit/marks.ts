// Marks that tell groups apart by shape as well as by colour.
const SHAPES: ((x: number, y: number, r: number) => string)[] = [
  (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  (x, y, r) => `M${x - r * 0.9} ${y - r * 0.9}h${1.8 * r}v${1.8 * r}h${-1.8 * r}Z`,
  (x, y, r) => `M${x} ${y - 1.2 * r}l${1.15 * r} ${2 * r}h${-2.3 * r}Z`,
  (x, y, r) => `M${x} ${y - 1.35 * r}l${1.1 * r} ${1.35 * r}l${-1.1 * r} ${1.35 * r}l${-1.1 * r} ${-1.35 * r}Z`,
  (x, y, r) => `M${x} ${y + 1.2 * r}l${1.15 * r} ${-2 * r}h${-2.3 * r}Z`,
]
const HUES = ['var(--a)', 'var(--b)', 'var(--valid)', 'var(--function)', 'var(--ink-2)']

/** The k-th mark at a place: hues and shapes turn at different paces from the 6th on. */
export const mark = (k: number, x: number, y: number, r: number) => SHAPES[(k + Math.floor(k / 5)) % 5](x, y, r)
export const hue = (k: number) => HUES[k % 5]

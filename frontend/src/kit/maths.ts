// The mathematics of the views: scales, ticks, paths, contours, numbers as people read them.

export type Point = [number, number]
export type Scale = (value: number) => number

/** The straight line that takes [a, b] to [from, to]; a constant goes to the middle. */
export function linear(domain: Point, range: Point): Scale {
  const [a, b] = domain
  const [from, to] = range
  return (v) => (same(Math.min(a, b), Math.max(a, b)) ? (from + to) / 2 : from + ((v - a) / (b - a)) * (to - from))
}

/** Least and greatest of the finite values; [0, 1] where there are none. */
export function extent(values: Iterable<number | null>): Point {
  let low = Infinity
  let high = -Infinity
  for (const v of values) {
    if (v == null || !Number.isFinite(v)) continue
    low = Math.min(low, v)
    high = Math.max(high, v)
  }
  return low <= high ? [low, high] : [0, 1]
}

/** Are these ends apart by no more than rounding? */
const same = (low: number, high: number) =>
  !(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))

/** A little room at both ends; a constant gets a range of its own. */
export function padded([low, high]: Point, part = 0.06): Point {
  const room = same(low, high) ? Math.abs(low) * 0.1 || 1 : (high - low) * part
  return [low - room, high + room]
}

/** About `count` round numbers within the domain. */
export function ticks([low, high]: Point, count = 4): number[] {
  if (same(low, high)) return [low]
  const raw = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.7) ?? raw
  const found = []
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    found.push(Number((k * step).toPrecision(12)))
  }
  return found
}

export function line(points: Point[]): string {
  return points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
}

export function band(low: Point[], high: Point[]): string {
  return low.length ? line(low) + line([...high].reverse()).replace('M', 'L') + 'Z' : ''
}

/** The places of labels, moved so that no two are nearer than `least`. */
export function apart(places: number[], least: number): number[] {
  const order = places.map((at, k) => ({ at, k })).sort((a, b) => a.at - b.at)
  for (let turn = 0; turn < 40; turn++) {
    for (let i = 1; i < order.length; i++) {
      const lack = least - (order[i].at - order[i - 1].at)
      if (lack <= 1e-6) continue
      order[i - 1].at -= lack / 2
      order[i].at += lack / 2
    }
  }
  return order.sort((a, b) => a.k - b.k).map((one) => one.at)
}

/** A number to so many significant figures, with thousands separated. */
export function told(value: number | null | undefined, figures = 4): string {
  if (value == null || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.floor(Math.log10(Math.abs(value)))
  if (size < -4 || size > 12) return value.toExponential(figures - 1)
  const places = Math.max(figures - 1 - size, 0)
  const rounded = Number(value.toPrecision(figures))
  return rounded.toLocaleString('en-US', {
    minimumFractionDigits: places, maximumFractionDigits: places,
  })
}

/** 1,234. */
export const count = (n: number) => n.toLocaleString('en-US')

/** A tick: short, without zeros that tell nothing; millions and thousands are shortened. */
export function tick(value: number): string {
  const size = Math.abs(value)
  const short = size >= 1e9 ? bare(value)
    : size >= 1e6 ? `${Number((value / 1e6).toPrecision(4))}M`
    : size >= 1e4 ? `${Number((value / 1e3).toPrecision(4))}k`
    : size > 0 && size < 1e-4 ? Number(value.toPrecision(3)).toExponential()
    : String(Number(value.toPrecision(6)))
  return short.replace('-', '−')
}

/** Ticks as texts, with as many figures as it takes to tell them apart. */
export function tickers(values: number[]): (v: number) => string {
  const few = values.map(tick)
  if (new Set(few).size === values.length) return tick
  const figures = [7, 8, 9, 10, 11, 12].find((n) => new Set(values.map((v) => v.toPrecision(n))).size === values.length) ?? 12
  return (v) => String(Number(v.toPrecision(figures))).replace('-', '−')
}

/** Ticks along a line that do not touch: a later one gives way. All within `edge`. */
export function clear(values: number[], scale: Scale, tell: (v: number) => string, edge = Infinity) {
  const found: { at: number; text: string; half: number }[] = []
  for (const v of values) {
    const text = tell(v)
    const half = 3.4 * text.length
    const at = Math.min(scale(v), edge - half)
    const before = found.at(-1)
    if (!before || at - before.at >= half + before.half + 5) found.push({ at, text, half })
  }
  return found
}

/** A large number in powers of ten: 2.5×10⁹. */
function bare(value: number): string {
  const [figures, exponent] = value.toExponential(3).split('e')
  return `${Number(figures)}×10${raised(Number(exponent))}`
}

/** Room for the numbers at the left of a drawing, in pixels. */
export const gutter = (values: number[], tell: (v: number) => string = tickers(values), least = 46) =>
  Math.max(least, 12 + 6.6 * Math.max(0, ...values.map((v) => tell(v).length)))

const RAISED = [...'⁰¹²³⁴⁵⁶⁷⁸⁹']

/** A power of ten as a tick: 0.01, 1, 10⁻⁵. */
export function power(exponent: number): string {
  if (Math.abs(exponent) < 4) return tick(Number((10 ** exponent).toPrecision(3)))
  return `10${raised(exponent)}`
}

const raised = (exponent: number) =>
  `${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((d) => RAISED[+d]).join('')}`

/** A place on an axis: whole numbers below 10,000 may be years, 1999 and not 1,999. */
export function place(value: number): string {
  const small = Math.abs(value) < 10_000
  const text = told(value, small ? 4 : 3)
  return small && text.includes('.') ? text.replace(/\.?0+$/, '') : small ? text.replace(',', '') : text
}

/** Microseconds since 1970 as a date. */
export function day(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 10)
}

export function percent(share: number | null, places = 0): string {
  return share == null ? '–' : `${(100 * share).toFixed(places)} %`
}

/** How many Latin letters wide a text is; an ideograph counts as two. */
const wide = (c: string) => (c.codePointAt(0)! > 0x2e80 ? 2 : 1)

/** Cut to about `most` Latin letters, in the middle: names often differ at their ends. */
export function cut(text: string, most: number): string {
  const all = [...text]
  if (all.reduce((sum, c) => sum + wide(c), 0) <= most) return text
  const part = (letters: string[], room: number) => {
    let used = 0
    return letters.filter((c) => (used += wide(c)) <= room)
  }
  const head = part(all, Math.ceil((most - 1) * 0.6)).join('')
  const tail = part(all.slice().reverse(), Math.floor((most - 1) * 0.4)).reverse().join('')
  return `${head}…${tail}`
}

/** Several names cut so that they can be told apart, where their ends are the same. */
export function cutAll(names: string[], most: number): string[] {
  const each = names.map((name) => cut(name, most))
  if (new Set(each).size === new Set(names).size) return each
  let same = 0
  while (names.every((name) => name[same] === names[0][same] && same < name.length)) same++
  return same > 3 ? names.map((name) => cut(`…${name.slice(same - 1)}`, most)) : each
}

/** The level set of a grid z[row][column] as line segments, in grid coordinates. */
export function contour(z: number[][], level: number): [Point, Point][] {
  const found: [Point, Point][] = []
  for (let r = 0; r + 1 < z.length; r++) {
    for (let c = 0; c + 1 < z[r].length; c++) {
      const corner: [number, number, number][] = [
        [c, r, z[r][c]], [c + 1, r, z[r][c + 1]],
        [c + 1, r + 1, z[r + 1][c + 1]], [c, r + 1, z[r + 1][c]],
      ]
      const cuts: Point[] = []
      for (let k = 0; k < 4; k++) {
        const [x0, y0, a] = corner[k]
        const [x1, y1, b] = corner[(k + 1) % 4]
        if (a < level === b < level) continue
        const t = (level - a) / (b - a)
        cuts.push([x0 + t * (x1 - x0), y0 + t * (y1 - y0)])
      }
      for (let k = 0; k + 1 < cuts.length; k += 2) found.push([cuts[k], cuts[k + 1]])
    }
  }
  return found
}

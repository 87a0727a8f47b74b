// Contrast as WCAG counts it: 4.5 for text, 3 for marks; axe does not judge marks in SVG.
import { describe, expect, test } from 'vitest'

import { colours, type RGB } from '../src/kit/theme.svelte'
import { show, THEMES } from './host'

const light = (c: RGB) => {
  const [r, g, b] = c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (a: RGB, b: RGB) => {
  const [high, low] = [light(a), light(b)].toSorted((p, q) => q - p)
  return (high + 0.05) / (low + 0.05)
}

describe.each(THEMES)('%s', (theme) => {
  test.each(['paper', 'card'])('on %s', async (ground) => {
    const { el, leave } = await show('FormulaLine', { outputs: [] }, { theme })
    const c = colours(el)
    for (const text of ['ink', 'ink-2', 'function', 'valid', 'a']) {
      expect(contrast(c[text], c[ground]), text).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(c.b, c[ground]), 'b').toBeGreaterThanOrEqual(3)
    leave()
  })
})

// Colours for canvases, which cannot read CSS variables by themselves.
import { createSubscriber } from 'svelte/reactivity'

export type RGB = [number, number, number]

const watch = createSubscriber((update) => {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const seen = new MutationObserver(update)
  dark.addEventListener('change', update)
  seen.observe(document, { attributes: true, attributeFilter: ['data-theme'], subtree: true })
  return () => {
    dark.removeEventListener('change', update)
    seen.disconnect()
  }
})

/** The element's colours by role; read again whenever the theme changes. */
export function colours(element: Element): Record<string, RGB> {
  watch()
  const style = getComputedStyle(element)
  const names = ['paper', 'card', 'ink', 'ink-2', 'rule', 'rule-2', 'function', 'a', 'b', 'valid']
  return Object.fromEntries(names.map((n) => [n, rgb(style.getPropertyValue(`--${n}`).trim())]))
}

function rgb(hex: string): RGB {
  const n = parseInt(hex.slice(1), 16)
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255]
}

export function mix(from: RGB, to: RGB, part: number): RGB {
  return [0, 1, 2].map((k) => Math.round(from[k] + (to[k] - from[k]) * part)) as RGB
}

export const css = (c: RGB) => `rgb(${c.join(' ')})`

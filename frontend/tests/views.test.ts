// Laws that hold for every view: drawn, told, inside its place, in both languages and themes.
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest'

import { views } from '../src/main'
import { ALL, TYPICAL } from './gallery'
import { LANGUAGES, show, THEMES } from './host'
import { broken, crossed, spilt } from './looking'

const NAMES = Object.keys(TYPICAL)
let loud: ReturnType<typeof vi.spyOn>[]

beforeEach(() => {
  loud = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')]
})
afterEach(() => {
  for (const spy of loud) spy.mockRestore()
})

/** A state whose needed part is there at first and whose every other reading fails. */
function tornAfterOne(state: any, needed: string) {
  let reads = 0
  return new Proxy(state, {
    get(whole, key) {
      if (key === 'alt' || (key === needed && reads++ === 0)) return whole[key]
      throw new TypeError(`no ${String(key)}`)
    },
  })
}

test('the gallery has every view', () => {
  expect(NAMES.toSorted()).toEqual(Object.keys(views).toSorted())
})

describe.each(NAMES)('%s', (name) => {
  const state = TYPICAL[name]

  test.each(THEMES.flatMap((theme) => LANGUAGES.map((language) => ({ theme, language }))))(
    'has nothing that axe complains of: $theme, $language', async (setting) => {
      const { el, leave } = await show(name, state, setting)
      const { violations } = await axe.run(el)
      expect(violations.map((v) => [v.id, v.nodes[0].html.slice(0, 200)])).toEqual([])
      leave()
    })

  test('tells its finding', async () => {
    const { el, leave } = await show(name, state)
    const told = [...el.querySelectorAll('[aria-label]')].map((one) => one.getAttribute('aria-label'))
    // Words and tables speak for themselves; whatever is drawn has the finding as its name.
    if (name === 'FormulaLine') expect(el.textContent).toContain('price')
    else expect(told).toContain(state.alt ?? state.caption)
    for (const drawing of el.querySelectorAll('svg:not([aria-hidden]), canvas')) {
      if (drawing.closest('foreignObject')) continue // the heat map within a named drawing
      expect(drawing.getAttribute('role') ?? drawing.tagName).toMatch(/img|CANVAS/)
      expect(drawing.getAttribute('aria-label')).toBeTruthy()
    }
    leave()
  })

  test.each(LANGUAGES)('says that there is nothing to draw yet: %s', async (language) => {
    const words = inject('words')[language]
    const needed = views[name][1]
    for (const nothing of [undefined, {}, { ...state, [needed]: [] }]) {
      const { el, leave } = await show(name, nothing, { language })
      expect(el.textContent!.trim()).toBe(words['view-empty'])
      leave()
    }
    for (const spy of loud) expect(spy).not.toHaveBeenCalled()
  })

  test('says that it cannot be drawn, and is drawn from the next state', async () => {
    loud[0].mockImplementation(() => {})
    const torn = tornAfterOne(state, views[name][1])
    const { el, change, leave } = await show(name, torn)
    expect(el.querySelector('[role=alert]')?.textContent).toContain(inject('words').en['view-failed'])
    await change(state)
    expect(el.querySelector('[role=alert]')).toBeNull()
    expect(el.children.length).toBeGreaterThan(0)
    leave()
  })

  test('is gone without a trace', async () => {
    const { el, leave } = await show(name, state)
    leave()
    expect(el.childElementCount).toBe(0)
  })
})

describe.each(ALL)('%s, %s', (name, _, state) => {
  test.each([280, 390, 900, 1900])('%i pixels wide', async (width) => {
    for (const language of LANGUAGES) {
      const { el, leave } = await show(name, state, { width, language })
      expect(el.querySelector('[role=alert]')).toBeNull()
      expect(broken(el)).toEqual([])
      expect(spilt(el)).toEqual([])
      expect(crossed(el)).toEqual([])
      leave()
    }
    for (const spy of loud) expect(spy).not.toHaveBeenCalled()
  })

  test('has sound numbers before its place has a width', async () => {
    const { el, leave } = await show(name, state, { width: 0 })
    expect(broken(el)).toEqual([])
    leave()
  })
})

test('a name that is no view is told', async () => {
  const { el, leave } = await show('Pie', {})
  expect(el.textContent!.trim()).toBe(inject('words').en['view-unknown'].replace('{name}', 'Pie'))
  leave()
})

// What is drawn is what the state says: so many marks, in these places, and anew when it changes.
import { describe, expect, inject, test } from 'vitest'

import { TYPICAL } from './gallery'
import { show } from './host'

const all = (el: HTMLElement, css: string) => [...el.querySelectorAll(css)]
const number = (mark: Element, name: string) => Number(mark.getAttribute(name))

test('the ladder: a mark for each rung, better to the left, errors as wide as they are', async () => {
  const { el, leave } = await show('Leaderboard', { ...TYPICAL.Leaderboard, straight: true })
  const at = all(el, 'circle.dot').map((dot) => number(dot, 'cx'))
  expect(at).toHaveLength(3)
  expect(at[0]).toBeGreaterThan(at[1])
  expect(at[1]).toBeGreaterThan(at[2])
  const wide = all(el, 'line.error').map((bar) => number(bar, 'x2') - number(bar, 'x1'))
  expect(wide[0] / wide[2]).toBeCloseTo(3, 1) // 1 and 1/3
  expect(el.querySelector('text.strong')!.textContent).toBe('steps')
  leave()
})

test('the confusion: every count, and the diagonal in another colour', async () => {
  const { el, leave } = await show('Confusion', TYPICAL.Confusion)
  const counts = all(el, 'text.count').map((text) => Number(text.textContent))
  expect(counts).toEqual(TYPICAL.Confusion.counts.flat().filter(Boolean))
  expect(all(el, 'rect.right')).toHaveLength(3)
  leave()
})

test('the curve: a band, the points, and the counts at its foot', async () => {
  const { el, leave } = await show('Curve1D', TYPICAL.Curve1D)
  expect(all(el, 'path.band')).toHaveLength(1)
  expect(all(el, 'circle.point')).toHaveLength(3)
  expect(all(el, 'rect.count')).toHaveLength(10)
  leave()
})

test('the plane: the heat map goes from one hue through the page to the other', async () => {
  const { el, leave } = await show('Field2D', TYPICAL.Field2D)
  const canvas = el.querySelector('canvas')!
  const brush = canvas.getContext('2d')!
  const colour = (q: number, r: number) => [...brush.getImageData(q, 19 - r, 1, 1).data]
  const [low, high] = [colour(10, 19), colour(0, 0)] // z = a² − b is least at (0, 1), greatest at (−1, −1)
  expect(low[2]).toBeGreaterThan(low[0]) // indigo
  expect(high[0]).toBeGreaterThan(high[2]) // ochre
  expect(all(el, 'path.level')).toHaveLength(3)
  expect(all(el, 'circle.point')).toHaveLength(2)
  leave()
})

test('groups: a path for each, with as many marks as rows', async () => {
  const { el, leave } = await show('GroupMap', TYPICAL.GroupMap)
  const paths = all(el, 'svg[role=img] > path')
  expect(paths.map((path) => path.getAttribute('d')!.match(/M/g)!.length)).toEqual([20, 20, 20])
  expect(new Set(paths.map((path) => getComputedStyle(path).fill)).size).toBe(3)
  leave()
})

test('the network: a path for each weight, its colour the sign', async () => {
  const { el, leave } = await show('NetDiagram', { ...TYPICAL.NetDiagram, rows: undefined })
  expect(all(el, 'path')).toHaveLength(9)
  expect(all(el, 'path.minus')).toHaveLength(3)
  leave()
})

test('a picture: its classes from the most probable on, at most six', async () => {
  const { el, leave } = await show('ImageProb', TYPICAL.ImageProb)
  expect(all(el, 'rect.bar')).toHaveLength(6)
  expect(el.querySelector('text.strong')!.textContent).toMatch(/^class 0 ✓/)
  expect(el.textContent).toContain('60.0 %')
  leave()
})

test('the surface is drawn in the colours of its theme', async () => {
  const seen: Record<string, number> = {}
  for (const theme of ['light', 'dark'] as const) {
    const { el, leave } = await show('Lift3D', { ...TYPICAL.Lift3D, z: TYPICAL.Lift3D.z.map((row: number[]) => row.map(() => 5)) }, { theme })
    const canvas = el.querySelector('canvas')!
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const light = []
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) light.push(data[i])
    seen[theme] = light.sort((a, b) => a - b)[light.length >> 1]
    leave()
  }
  expect(seen.light).toBeGreaterThan(200)
  expect(seen.dark).toBeLessThan(80)
})

describe('a change of the state is a change of the drawing', () => {
  test('the loss goes on', async () => {
    const { training, validation, ...rest } = TYPICAL.LossChart
    const upTo = (n: number) => ({ ...rest, alt: `${n} epochs`, training: training.slice(0, n), validation: validation.slice(0, n) })
    const { el, change, leave } = await show('LossChart', upTo(5))
    const before = el.querySelector('path.train')!.getAttribute('d')
    await change(upTo(40))
    expect(el.querySelector('path.train')!.getAttribute('d')).not.toBe(before)
    expect(el.querySelector('svg')!.getAttribute('aria-label')).toBe('40 epochs')
    leave()
  })

  test('a first state comes after the view', async () => {
    const { el, change, leave } = await show('Histogram', undefined)
    expect(el.textContent).toContain(inject('words').en['view-empty'])
    await change(TYPICAL.Histogram)
    expect(el.querySelectorAll('rect')).toHaveLength(8)
    leave()
  })

  test('what was picked out stays picked', async () => {
    const { el, change, leave } = await show('GroupMap', TYPICAL.GroupMap)
    el.querySelector<HTMLElement>('button')!.click()
    await change({ ...TYPICAL.GroupMap, x: TYPICAL.GroupMap.y })
    expect(el.querySelector('button')!.getAttribute('aria-pressed')).toBe('true')
    leave()
  })
})

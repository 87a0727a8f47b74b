// Whatever the pointer can do, the keyboard can.
import { expect, inject, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'

import { TYPICAL } from './gallery'
import { show } from './host'

const { en: words } = inject('words')
const press = (keys: string) => userEvent.keyboard(keys)

test('Curve1D is read along the column, and no further than its ends', async () => {
  const state = TYPICAL.Curve1D
  const { leave } = await show('Curve1D', state)
  const slider = page.getByRole('slider', { name: words['view-probe'].replace('{column}', 'area') })

  await userEvent.tab()
  await expect.element(slider).toHaveFocus()
  await press('{ArrowLeft}')
  await expect.element(slider).toHaveAttribute('aria-valuetext', '0 ↦ 0')
  await press('{ArrowRight>3/}')
  await expect.element(slider).toHaveAttribute('aria-valuetext', '1 ↦ 0.2908')
  await press('{ArrowRight>80/}')
  await expect.element(slider).toHaveAttribute('aria-valuenow', String(state.x.length - 1))
  leave()
})

test('Field2D is read in both directions', async () => {
  const { leave } = await show('Field2D', TYPICAL.Field2D)
  const slider = page.getByRole('slider')

  await userEvent.tab()
  await expect.element(slider).toHaveAttribute('aria-valuetext', words['view-arrows'])
  await press('{ArrowLeft}{ArrowUp}{ArrowUp}')
  await expect.element(slider).toHaveAttribute('aria-valuetext', '(9, 12) ↦ -0.2604')
  await press('{ArrowRight}{ArrowDown}')
  await expect.element(slider).toHaveAttribute('aria-valuenow', '10')
  leave()
})

test('Lift3D is turned and lifted', async () => {
  const { el, leave } = await show('Lift3D', TYPICAL.Lift3D)
  const canvas = el.querySelector('canvas')!
  const before = canvas.toDataURL()

  await userEvent.tab()
  expect(document.activeElement).toBe(canvas)
  await press('{ArrowRight>4/}')
  await expect.poll(() => canvas.toDataURL()).not.toBe(before)

  const turned = canvas.toDataURL()
  await userEvent.tab()
  await expect.element(page.getByRole('slider', { name: words['view-lift'] })).toHaveFocus()
  await press('{Home}')
  await expect.poll(() => canvas.toDataURL()).not.toBe(turned)
  leave()
})

test('FeatureBars shows all columns, and few again', async () => {
  const { el, leave } = await show('FeatureBars', TYPICAL.FeatureBars)
  const bars = () => el.querySelectorAll('rect').length
  expect(bars()).toBe(12)

  await userEvent.tab()
  await press('{Enter}')
  await expect.element(page.getByRole('button', { name: words['view-fewer'] })).toHaveAttribute('aria-expanded', 'true')
  expect(bars()).toBe(20)
  await press('{Enter}')
  await expect.poll(bars).toBe(12)
  leave()
})

test('GroupMap picks a group out, and lets it go', async () => {
  const { el, leave } = await show('GroupMap', TYPICAL.GroupMap)
  const dim = () => el.querySelectorAll('path.dim').length

  await userEvent.tab()
  await userEvent.tab()
  await press(' ')
  await expect.element(page.getByRole('button', { name: 'Group 2' })).toHaveAttribute('aria-pressed', 'true')
  expect(dim()).toBe(2)
  await press(' ')
  await expect.poll(dim).toBe(0)
  leave()
})

test('NetDiagram lets another row flow and opens another neuron', async () => {
  const { el, leave } = await show('NetDiagram', TYPICAL.NetDiagram, { width: 1200 })
  expect(el.textContent).toContain('241')

  await userEvent.tab()
  await expect.element(page.getByLabelText(words['view-flow'])).toHaveFocus()
  await press('{ArrowDown}')
  await expect.poll(() => el.textContent).toContain('242')

  await userEvent.tab()
  await expect.element(page.getByLabelText(words['view-open'])).toHaveFocus()
  await press('{ArrowDown}')
  await expect.element(page.getByRole('img', { name: /^layer 1, neuron 2: the weighted sum/ })).toBeInTheDocument()
  leave()
})

test('ActivationCurve lays another beside its own', async () => {
  const { el, leave } = await show('ActivationCurve', TYPICAL.ActivationCurve)

  await userEvent.tab()
  await press('{Enter}')
  await expect.poll(() => el.querySelector('text.other')?.textContent).toBe('relu')
  expect(el.querySelector('path.beside')).not.toBeNull()
  leave()
})

test('ImageProb fades the evidence', async () => {
  const { el, leave } = await show('ImageProb', TYPICAL.ImageProb)
  const seen = () => Number(el.querySelectorAll('svg rect')[1].getAttribute('fill-opacity'))
  expect(seen()).toBeGreaterThan(0)

  await userEvent.tab()
  await press('{Home}')
  await expect.poll(seen).toBe(0)
  leave()
})

test('DataTable scrolls where it is wider than its place', async () => {
  const { el, leave } = await show('DataTable', TYPICAL.DataTable)
  await userEvent.tab()
  expect(document.activeElement).toBe(el.querySelector('[role=region]'))
  leave()
})

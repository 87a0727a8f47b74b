// The door of the views. As an anywidget module: `render({model, el})`, the trait `view`
// says which. In a page: every [data-view] is drawn from the JSON in #mapsto-state.
import { mount, unmount, type Component } from 'svelte'

import { frozen, type Model } from './kit/model.svelte'
import Shown from './kit/Shown.svelte'
import ActivationCurve from './views/ActivationCurve.svelte'
import CapacityChart from './views/CapacityChart.svelte'
import Confusion from './views/Confusion.svelte'
import Curve1D from './views/Curve1D.svelte'
import DataTable from './views/DataTable.svelte'
import FeatureBars from './views/FeatureBars.svelte'
import Field2D from './views/Field2D.svelte'
import FormulaLine from './views/FormulaLine.svelte'
import GroupMap from './views/GroupMap.svelte'
import Histogram from './views/Histogram.svelte'
import ImageProb from './views/ImageProb.svelte'
import IntervalBar from './views/IntervalBar.svelte'
import Leaderboard from './views/Leaderboard.svelte'
import Lift3D from './views/Lift3D.svelte'
import LossChart from './views/LossChart.svelte'
import NetDiagram from './views/NetDiagram.svelte'
import NeuronCard from './views/NeuronCard.svelte'
import Parts from './views/Parts.svelte'
import Reliability from './views/Reliability.svelte'
import ResidualPlot from './views/ResidualPlot.svelte'

/** Every view by its name, and the part of its state without which there is nothing to draw. */
export const views: Record<string, [Component<{ model: Model }>, string]> = {
  ActivationCurve: [ActivationCurve, 'name'],
  CapacityChart: [CapacityChart, 'points'],
  Confusion: [Confusion, 'labels'],
  Curve1D: [Curve1D, 'x'],
  DataTable: [DataTable, 'rows'],
  FeatureBars: [FeatureBars, 'rows'],
  Field2D: [Field2D, 'z'],
  FormulaLine: [FormulaLine, 'outputs'],
  GroupMap: [GroupMap, 'x'],
  Histogram: [Histogram, 'counts'],
  ImageProb: [ImageProb, 'picture'],
  IntervalBar: [IntervalBar, 'told'],
  Leaderboard: [Leaderboard, 'rows'],
  Lift3D: [Lift3D, 'z'],
  LossChart: [LossChart, 'training'],
  NetDiagram: [NetDiagram, 'weights'],
  NeuronCard: [NeuronCard, 'terms'],
  Parts: [Parts, 'rows'],
  Reliability: [Reliability, 'points'],
  ResidualPlot: [ResidualPlot, 'points'],
}

/** Draw a view into an element; the function that takes it away again. */
function draw(name: string, el: HTMLElement, model: Model) {
  const [view, needs] = views[name] ?? [undefined, '']
  const drawn = mount(Shown, { target: el, props: { view, needs, model } })
  return () => unmount(drawn)
}

function render({ model, el }: { model: Model; el: HTMLElement }) {
  el.classList.add('mapsto')
  return draw(model.get('view'), el, model)
}

/** Draw every view of a page in the place of its static stand-in. */
function drawPage(page: Document) {
  const source = page.getElementById('mapsto-state')
  if (!source) return
  const { words, states } = JSON.parse(source.textContent ?? '{}')
  // Open until now for readers without scripts: the views say the same.
  for (const numbers of page.querySelectorAll('figure > details')) numbers.removeAttribute('open')
  for (const place of page.querySelectorAll<HTMLElement>('[data-view]')) {
    const state = states[place.dataset.state ?? '']
    if (!state) continue
    place.replaceChildren()
    const view = place.dataset.view!
    draw(view, place, frozen({ view, words, state }))
  }
  themeButton(page)
}

/** A button that turns light to dark and back. */
function themeButton(page: Document) {
  const root = page.querySelector<HTMLElement>('.mapsto')
  const button = page.getElementById('mapsto-theme')
  if (!root || !button) return
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  const tell = () => button.setAttribute('aria-pressed', String(dark()))
  button.hidden = false
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark'
    tell()
  })
  tell()
}

if (typeof document !== 'undefined') drawPage(document)

export default { render }

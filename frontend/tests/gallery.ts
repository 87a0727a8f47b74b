// States to draw: one of each view as it mostly is, and some that are hard to draw.

const LONG = '一个非常非常长的列名_of_a_measurement_that_goes_on_and_on'
const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const wave = (n: number, turn = 0) => range(n).map((i) => Math.sin((6 * i) / n + turn))
const grid = (n: number, f: (a: number, b: number) => number) =>
  range(n).map((r) => range(n).map((q) => f((2 * q) / (n - 1) - 1, (2 * r) / (n - 1) - 1)))
const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const density = { edges: range(11).map((i) => i * 2), counts: range(10).map((i) => (i * 7) % 11) }

const curve = {
  alt: 'From area 0 to 20, price goes from 0 to −0.28.', kind: 'number',
  x: range(61).map((i) => i / 3), y: [wave(61)], labels: ['price'], band: 'rows',
  low: wave(61).map((v) => v - 0.3), high: wave(61).map((v) => v + 0.3), density,
  points: { x: [3, 8, 15], y: [0.2, -0.4, 0.9] }, xlabel: 'area', ylabel: 'price',
}
const levels = (names: string[]) => ({
  alt: 'Over the levels of district, price is least in east.', kind: 'category', x: names,
  y: [wave(names.length)], labels: ['price'], band: 'none',
  density: { counts: names.map((_, i) => i * 40) }, xlabel: 'district', ylabel: 'price',
})
const plane = {
  alt: 'Over area and age, price is least, −1, at (0, 0).', x: range(20), y: range(20),
  z: grid(20, (a, b) => a * a - b), xlabel: 'area', ylabel: 'age', labels: [],
}
const network = {
  alt: 'The network has 2 → 3 → 1 neurons.', sizes: [2, 3, 1], inputs: ['area', 'age'],
  weights: [[[1, -0.5, 0.2], [0.3, 0.9, -1]], [[1], [-0.7], [0.4]]], outputs: ['price'],
  activation: 'tanh', picked: [1, 0], biases: [[0.1, -0.2, 0.3]],
  answers: [[{ xlabel: 'area', kind: 'number', x: [0, 1, 2], y: [-1, 0, 1] },
    { xlabel: 'age', kind: 'category', x: ['', 'new', 'old'], y: [0.2, -0.4, 0.9] }, null]],
  rows: ['a row in the middle', 'area = 2'].map((label, i) => ({
    label, told: [String(241 + i)], inputs: [String(1 + i), '30'],
    terms: [[1 + i, -0.5, 0.2], [0.3, 0.9, -1]], sums: [[1.4 + i, 0.2, -0.5]],
    values: [[Math.tanh(1.4 + i), Math.tanh(0.2), Math.tanh(-0.5)]],
  })),
}
const ladder = (names: string[]) => ({
  alt: 'Of 3 rungs steps is the most accurate: 12.1 ± 0.4.', xlabel: 'RMSE on held-out rows',
  rows: names.map((label, i) => ({
    label, score: 30 / (i + 1), error: 1 / (i + 1), train: 25 / (i + 1), told: `${30 - i} ± 1`,
    told_train: '25', best: i === names.length - 1, simplest: i === 1,
  })),
})
const bars = (n: number, name = (i: number) => `column ${i}`) => ({
  alt: 'Shuffling column 0 hurts the most.', xlabel: 'rise of RMSE',
  rows: range(n).map((i) => ({ label: name(i), rise: 5 / (i + 1) - 0.2, error: 0.3, told: '5.0 ± 0.3' })),
})
const confusion = (n: number, name = (i: number) => `class ${i}`) => ({
  alt: 'Of 100 rows 84 are right.', labels: range(n).map(name),
  counts: grid(n, () => 0).map((row, i) => row.map((_, k) => (i === k ? 84 : (i + k) % 3))),
  rowlabel: 'truth', columnlabel: 'prediction',
})
const groups = (n: number) => ({
  alt: `${n} groups on the plane that parts them the most.`, x: wave(60), y: wave(60, 2),
  group: range(60).map((i) => (i % n) + 1), row: range(60), of: 60,
  labels: range(n).map((k) => String(k + 1)), named: range(n).map((k) => `Group ${k + 1}`),
})
const picture = (n: number) => ({
  alt: 'Taken for class 0 with 60 %.', classes: range(n).map((i) => `class ${i}`), truth: 'class 0',
  probabilities: range(n).map((i) => (i ? 0.4 / (n - 1) : 0.6)), picture: PIXEL,
  evidence: grid(8, (a, b) => a - b),
})
const losses = (n: number) => ({
  alt: 'After 40 epochs the loss is 0.1 on training rows and 0.3 on validation rows.',
  training: range(n).map((i) => [i + 1, 1 / (i + 1)]),
  validation: range(n).map((i) => [i + 1, 0.3 + 1 / (i + 1)]),
})
const residuals = (points: number[][]) => ({
  alt: 'Half of the errors lie between −1 and 1.', points, xlabel: 'prediction', ylabel: 'truth − prediction',
  trend: points.map(([told]) => [told, 0, 1]), edges: [-2, -1, 0, 1, 2], counts: [1, 6, 5, 2],
})

/** By view: its state as it mostly is. */
export const TYPICAL: Record<string, any> = {
  ActivationCurve: { alt: 'tanh', name: 'tanh', at: 0.7, others: ['tanh', 'relu', 'sigmoid'] },
  CapacityChart: {
    alt: 'With 900 numbers the error is least.', xlabel: 'numbers', ylabel: 'RMSE',
    points: range(6).map((i) => ({ label: `size ${i}`, size: 10 ** (i / 2 + 1), score: 3 - i / 3, error: 0.2, train: 2.9 - i / 2 })),
  },
  Confusion: confusion(3),
  Curve1D: curve,
  DataTable: { caption: 'The worst rows', columns: ['row', 'truth', 'prediction'], rows: [['12', '300', '250'], ['7', '120', '170']] },
  FeatureBars: bars(20),
  Field2D: { ...plane, levels: [-0.5, 0, 0.5], points: { x: [[3, 9], [4, 16]] } },
  FormulaLine: { outputs: [{ name: 'price', intercept: '12', more: 2, terms: [{ sign: '−', told: '3.1', error: '0.2', feature: 'age' }] }] },
  GroupMap: groups(3),
  Histogram: { alt: 'Most prices are near 200.', edges: range(9), counts: [1, 4, 9, 12, 7, 3, 2, 1], xlabel: 'price', interval: [2, 5] },
  ImageProb: picture(8),
  IntervalBar: { alt: '90 % between 1 and 3, at best 2.', value: 2, low: 1, high: 3, domain: [0, 10], told: ['1', '2', '3'] },
  Leaderboard: ladder(['constant', 'line', 'steps']),
  Lift3D: plane,
  LossChart: losses(40),
  NetDiagram: network,
  NeuronCard: {
    alt: 'layer 1, neuron 1: the weighted sum 1.4 becomes 0.885.', name: 'layer 1, neuron 1', activation: 'tanh',
    terms: [{ label: 'area', value: '1', term: 1 }, { label: 'age', value: '30', term: 0.3 }], rest: 0,
    bias: 0.1, sum: 1.4, out: 0.885, answer: network.answers[0][0],
  },
  Parts: {
    alt: 'size moves the prediction the most.', xlabel: 'spread', rangelabel: 'from – to',
    rows: ['size', 'wear'].map((label, i) => ({ label, importance: 3 - i, told: String(3 - i), low: -2, high: 4, reach: '−2 – 4', role: 'added' })),
  },
  Reliability: {
    alt: 'Of 90 % asked 89 % are met.', xlabel: 'asked', ylabel: 'measured',
    points: range(5).map((i) => ({ told: 0.5 + i / 10, share: 0.48 + i / 10, low: 0.4 + i / 10, high: 0.55 + i / 10, rows: 40 })),
  },
  ResidualPlot: residuals(range(40).map((i) => [i, Math.sin(i)])),
}

const many = range(100).map((i) => `${LONG}_${i}`)

/** By view: states that are hard to draw. All text must stay inside, no number be NaN. */
export const HARD: Record<string, Record<string, any>> = {
  ActivationCurve: { 'far from the middle': { alt: 'relu', name: 'relu', at: 40 } },
  CapacityChart: {
    'one size': { ...one('CapacityChart'), points: [{ label: 'line', size: 4, score: 2, error: 0 }] },
    'far values': { ...one('CapacityChart'), points: range(5).map((i) => ({ label: `${i}`, size: 10 ** (i + 3), score: 3e9 / (i + 1), error: 1e8 })) },
    'kinds side by side': {
      ...one('CapacityChart'), bent: true, plain: true, limit: { value: 1e-3, label: 'tolerance' },
      points: range(12).map((i) => ({ label: `${i}`, size: 1 + (i % 6), score: 10 ** (-i / 2), line: i < 6 ? '一个很长的名字 of a kind' : 'tanh' })),
    },
  },
  Confusion: { 'one class': confusion(1), digits: confusion(10, String), 'letters': confusion(26, (i) => String.fromCharCode(97 + i)), '30 classes with long names': confusion(30, (i) => `${LONG}_${i}`) },
  Curve1D: {
    'one place': { ...curve, x: [3], y: [[1]], low: [1], high: [1], points: undefined, density: { edges: [3, 3], counts: [7] } },
    'a constant': { ...curve, y: [curve.x.map(() => 5)], low: undefined, high: undefined, points: undefined },
    'nothing but the curve': { alt: 'Along x.', kind: 'number', x: [0, 1], y: [[0, 1]], xlabel: 'x', ylabel: 'y', labels: ['y'] },
    'a long name': { ...curve, xlabel: LONG, ylabel: LONG },
    'several classes': { ...curve, y: [wave(61), wave(61, 0.1), wave(61, 3)], labels: ['setosa', LONG, 'virginica'] },
    dates: { ...curve, kind: 'date', x: curve.x.map((v) => 1.5e15 + v * 3e12), density: { edges: [1.5e15, 1.56e15], counts: [3] }, points: undefined },
    'levels, all but a constant': { ...levels(['a', 'b']), y: [[4.9998161, 4.9998163]] },
    'levels, one of them missing': levels(['', LONG, '绿色'.repeat(20), 'b']),
    'all but a constant': { ...curve, x: curve.x.map((v) => 5 + v * 1e-7), y: [wave(61).map((v) => 4.9998 + v * 1e-7)], low: undefined, high: undefined, points: undefined, density: undefined },
    'far values': { ...curve, y: [wave(61).map((v) => v * 1e9)], low: undefined, high: undefined, points: undefined },
  },
  DataTable: { 'long names': { caption: LONG, columns: many.slice(0, 12), rows: [range(12).map(String)] } },
  FeatureBars: {
    '100 long names': bars(100, (i) => many[i]),
    'nothing matters': { ...bars(3), rows: bars(3).rows.map((row) => ({ ...row, rise: 0, error: 0, told: '0' })) },
    'tiny rises': { ...bars(3), rows: bars(3).rows.map((row, i) => ({ ...row, rise: 1.5e-11 - i * 1e-11, error: 1e-11 })) },
    'told above': { ...bars(4, (i) => many[i]), tell: true },
  },
  Field2D: {
    'a constant': { ...plane, z: grid(20, () => 5), levels: [] },
    'far values': { ...plane, x: range(20).map((v) => v * 1e7), y: range(20).map((v) => 1e-7 * v) },
    'two classes': { ...plane, z: grid(20, (a, b) => 1 / (1 + Math.exp(-4 * (a + b)))), low: 0, high: 1, levels: [0.5], border: true, label: 'yes' },
    '30 classes with long names': {
      ...plane, z: grid(20, () => 0.7), k: range(20).map((r) => range(20).map((q) => (r * 20 + q) % 30)), low: 0, high: 1,
      labels: range(30).map((i) => `${LONG}_${i}_${LONG}`), xlabel: LONG, ylabel: LONG,
    },
  },
  FormulaLine: { 'a long name': { outputs: [{ name: LONG, intercept: '1', more: 0, terms: [{ sign: '+', told: '1', error: '', feature: LONG.repeat(3) }] }] } },
  GroupMap: { 'one group': groups(1), '12 groups': groups(12), 'one row': { ...groups(1), x: [1], y: [1], group: [1], row: [0] } },
  Histogram: {
    'one value': { alt: 'All are 5.', edges: [5, 5], counts: [9], xlabel: LONG },
    classes: { alt: 'a is the most frequent.', labels: [LONG, '否', ''], counts: [5, 3, 1] },
    'far values': { alt: 'Near 1e9.', edges: [0, 1.25e9, 2.5e9], counts: [1, 2], xlabel: 'x', interval: [0, 2.5e9] },
  },
  ImageProb: { '30 classes with long names': { ...picture(30), classes: many.slice(0, 30) }, 'a number': { ...picture(0), said: [['prediction', '12.5'], ['truth', '1,250,000']] }, small: { ...picture(30), classes: many.slice(0, 30), small: true, side: 8 }, 'a small number': { ...picture(0), small: true, said: [['prediction', '12.5']] }, 'no evidence': { ...picture(2), evidence: undefined } },
  IntervalBar: {
    narrow: { alt: 'Near 5.', value: 9.99, low: 9.98, high: 10, domain: [0, 10], told: ['9,980,000', '9,990,000', '10,000,000'] },
    'a constant': { alt: 'It is 5.', value: 5, low: 5, high: 5, domain: [5, 5], told: ['5', '5', '5'] },
  },
  Leaderboard: { 'eight powers of ten': { ...ladder(['constant', 'line', 'curve']), rows: ladder(['constant', 'line', 'curve']).rows.map((row, i) => ({ ...row, score: 10 ** (2 - 4 * i), error: 0, train: 10 ** (1.5 - 4 * i) })) }, 'one rung': ladder(['constant']), 'all the same': { ...ladder(['line', 'curve']), rows: ladder(['line', 'curve']).rows.map((row) => ({ ...row, score: 0, error: 0, train: 0 })) } },
  Lift3D: { 'a constant': { ...plane, z: grid(20, () => 5) }, 'a long name': { ...plane, xlabel: LONG, ylabel: LONG } },
  LossChart: { 'far values': { ...losses(9), training: range(9).map((i) => [i, 3e10 / (i + 1)]), validation: undefined }, 'one epoch': losses(1), 'no validation': { ...losses(9), validation: undefined } },
  NetDiagram: {
    'no rows flow': { ...network, rows: undefined },
    'long names, many outputs': {
      ...network, inputs: [LONG, '面积'], outputs: range(8).map((i) => `${LONG}_${i}`),
      sizes: [40, 300, 8], weights: [network.weights[0], range(3).map((i) => range(8).map((k) => (i - k) / 8))],
      rows: network.rows.map((row) => ({ ...row, told: range(8).map(() => '12.5 %') })),
    },
  },
  NeuronCard: { 'long names': { ...one('NeuronCard'), terms: range(9).map((i) => ({ label: many[i], value: LONG, term: i - 4 })) } },
  Parts: { 'long names': { ...one('Parts'), rows: [{ label: LONG, importance: 0, told: '0', low: 0, high: 0, reach: '0 – 0', role: 'multiplied' }] } },
  Reliability: { 'one bin': { ...one('Reliability'), points: [{ told: 1, share: 1 }] } },
  ResidualPlot: { 'far values': { ...residuals(range(9).map((i) => [i * 1e9, i * 1e8])), edges: [0, 4e8, 8e8], counts: [5, 4] }, 'one row': residuals([[5, 0]]), 'no trend': { ...residuals([[5, 0], [6, 1]]), trend: [] } },
}

function one(view: string) {
  return TYPICAL[view]
}

/** Every state: [view, what it is, state]. */
export const ALL: [string, string, any][] = [
  ...Object.entries(TYPICAL).map(([view, state]): [string, string, any] => [view, 'as it mostly is', state]),
  ...Object.entries(HARD).flatMap(([view, states]) =>
    Object.entries(states).map(([what, state]): [string, string, any] => [view, what, state])),
]

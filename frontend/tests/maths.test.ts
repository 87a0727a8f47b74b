// The mathematics of the views, against what can be counted by hand.
import { describe, expect, test } from 'vitest'

import { apart, contour, cut, cutAll, day, extent, linear, padded, percent, place, power, tick, tickers, ticks, told } from '../src/kit/maths'

test('a scale takes ends to ends, and a constant to the middle', () => {
  const x = linear([10, 20], [0, 100])
  expect([x(10), x(15), x(20)]).toEqual([0, 50, 100])
  expect(linear([5, 5], [0, 100])(5)).toBe(50)
})

test('an extent passes over what is no number', () => {
  expect(extent([3, null, NaN, -1, Infinity])).toEqual([-1, 3])
  expect(extent([])).toEqual([0, 1])
  expect(padded([5, 5])).toEqual([4.5, 5.5])
})

test.each([
  [[0, 10], 5, [0, 2, 4, 6, 8, 10]],
  [[0, 1], 4, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [[-3e6, 2e6], 2, [-2e6, 0, 2e6]],
  [[7, 7], 4, [7]],
])('ticks of %j, about %i', (domain, about, expected) => {
  expect(ticks(domain as [number, number], about)).toEqual(expected)
})

test.each([
  [0, '0'], [1234, '1234'], [12500, '12.5k'], [-3.4e6, '−3.4M'], [2.5e9, '2.5×10⁹'], [-1e12, '−1×10¹²'], [0.00002, '2e−5'],
])('%f as a tick: %s', (value, expected) => {
  expect(tick(value)).toBe(expected)
})

test('ticks close to one another are told apart', () => {
  const near = [4.9998161, 4.9998162, 4.9998163]
  expect(near.map(tickers(near))).toEqual(['4.9998161', '4.9998162', '4.9998163'])
  expect([1, 2].map(tickers([1, 2]))).toEqual(['1', '2'])
})

test('numbers are told to so many figures', () => {
  expect([told(1234.5678), told(0.00012345, 3), told(0), told(null), told(1e20, 2)]).toEqual(['1,235', '0.000123', '0', '–', '1.0e+20'])
  expect([place(1999), place(12345), place(2.5)]).toEqual(['1999', '12,300', '2.5'])
  expect([power(-2), power(-5), power(12)]).toEqual(['0.01', '10⁻⁵', '10¹²'])
  expect([percent(0.1234, 1), percent(null), day(0)]).toEqual(['12.3 %', '–', '1970-01-01'])
})

describe('names', () => {
  test('are cut in the middle, an ideograph counts as two', () => {
    expect(cut('short', 8)).toBe('short')
    expect(cut('a long name of a column', 9)).toBe('a lon…umn')
    expect(cut('非常长的列名', 7)).toBe('非常…名')
  })

  test('can be told apart when they differ only in the middle or at the end', () => {
    const names = Array.from({ length: 3 }, (_, k) => `the_same_beginning_of_all_${k}_and_the_same_end`)
    expect(new Set(cutAll(names, 12)).size).toBe(3)
  })
})

test('labels are moved apart, and keep their order', () => {
  const [a, b, c] = apart([10, 11, 50], 14)
  expect(b - a).toBeCloseTo(14, 3)
  expect(c).toBe(50)
})

test('the contour of x + y at 1 runs from edge to edge', () => {
  const z = [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
  const ends = contour(z, 1.5).flat().map(([x, y]) => x + y)
  expect(ends.length).toBeGreaterThan(0)
  for (const sum of ends) expect(sum).toBeCloseTo(1.5, 9)
})

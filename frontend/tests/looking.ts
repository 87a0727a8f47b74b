// What can be seen of a drawing: text beyond its place, text upon text, numbers that are none.

/** What is written beyond the width of the view, to the left or the right. */
export function spilt(el: HTMLElement): string[] {
  const place = el.getBoundingClientRect()
  return [...el.querySelectorAll<SVGTextElement>('svg text')].flatMap((text) => {
    const box = text.getBoundingClientRect()
    return box.width && (box.left < place.left - 1 || box.right > place.right + 1) ? [text.textContent!.trim()] : []
  })
}

/** Pairs of texts of one drawing that stand upon one another; turned ones are left out. */
export function crossed(el: HTMLElement): string[] {
  const found: string[] = []
  for (const svg of el.querySelectorAll('svg')) {
    const texts = [...svg.querySelectorAll<SVGTextElement>('text:not([transform])')]
      .map((text) => ({ told: text.firstChild?.textContent?.trim(), box: text.getBoundingClientRect() }))
      .filter((one) => one.box.width > 0)
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
      const tall = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
      if (wide > 2 && tall > 4) found.push(`${a.told} × ${b.told}`)
    }))
  }
  return found
}

/** Attributes of drawings that hold no number where one belongs. */
export function broken(el: HTMLElement): string[] {
  return [...el.querySelectorAll('svg, svg *')].flatMap((mark) =>
    [...mark.attributes].filter((one) => one.name !== 'aria-label' && /NaN|Infinity|undefined/.test(one.value)
      || ['width', 'height', 'r'].includes(one.name) && one.value.startsWith('-'))
      .map((one) => `${mark.tagName} ${one.name}=${one.value.slice(0, 60)}`))
}

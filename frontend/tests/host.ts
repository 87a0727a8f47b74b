// A host of views, as a notebook is one: a model with a state, a place, a language, a theme.
import { tick } from 'svelte'
import { inject } from 'vitest'

import '../src/kit/tokens.css'
import door from '../src/main'

declare module 'vitest' {
  export interface ProvidedContext {
    words: Record<'en' | 'zh', Record<string, string>>
  }
}

export type Language = 'en' | 'zh'
export type Theme = 'light' | 'dark'
export const LANGUAGES: Language[] = ['en', 'zh']
export const THEMES: Theme[] = ['light', 'dark']

export interface Shown {
  el: HTMLElement
  change(state: any): Promise<void>
  leave(): void
}

/** One turn of the browser's clock: effects have run and everything is drawn. */
export const settled = async () => {
  await tick()
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
}

export async function show(
  view: string, state: any, { width = 600, language = 'en' as Language, theme = 'light' as Theme } = {},
): Promise<Shown> {
  const listeners = new Set<() => void>()
  const values: Record<string, any> = { view, state, words: inject('words')[language] }
  const model = {
    get: (key: string) => values[key],
    set: () => {},
    on: (_: string, listener: () => void) => void listeners.add(listener),
    off: (_: string, listener: () => void) => void listeners.delete(listener),
    save_changes: () => {},
  }
  const el = document.createElement('main')
  el.lang = language === 'zh' ? 'zh-Hans' : 'en'
  el.dataset.theme = theme
  el.style.width = `${width}px`
  el.style.background = 'var(--paper)'
  document.documentElement.lang = el.lang
  document.title = view
  document.body.style.margin = '0'
  document.body.replaceChildren(el)
  const leave = door.render({ model, el })
  await settled()
  return {
    el,
    async change(next) {
      values.state = next
      for (const listener of [...listeners]) listener()
      await settled()
    },
    leave() {
      leave()
      el.remove()
    },
  }
}

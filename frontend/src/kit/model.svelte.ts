// A view's state is an AFM model (anywidget's contract): get, set, on, off, save_changes.
import { createSubscriber } from 'svelte/reactivity'

export interface Model {
  get(key: string): any
  set(key: string, value: any): void
  on(event: string, callback: () => void): void
  off(event: string, callback: () => void): void
  save_changes(): void
}

/** Reading `bind(model).get(key)` in a component redraws it when the model changes. */
export function bind(model: Model) {
  const subscribe = createSubscriber((update) => {
    model.on('change:state', update)
    return () => model.off('change:state', update)
  })
  return {
    get state(): any {
      subscribe()
      return model.get('state')
    },
    /** A word of the catalogue in the model's language, its {fields} filled in. */
    t(key: string, fields: Record<string, unknown> = {}): string {
      const words = model.get('words') ?? {}
      const text: string = words[key] ?? key
      return text.replace(/\{(\w+)\}/g, (_, name) => String(fields[name] ?? ''))
    },
  }
}

/** A model that never changes from outside: the report's. */
export function frozen(values: Record<string, any>): Model {
  return {
    get: (key) => values[key],
    set: () => {},
    on: () => {},
    off: () => {},
    save_changes: () => {},
  }
}

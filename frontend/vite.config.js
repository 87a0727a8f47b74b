// One ES module with its styles inside, written where the Python package ships it.
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const here = import.meta.dirname
const out = join(here, '../src/mapsto/views/static')
const font = '@fontsource-variable/source-serif-4'

/** Every file that the built module depends on, in order of its path. */
function sources() {
  const found = readdirSync(join(here, 'src'), { recursive: true })
    .map((name) => join(here, 'src', name))
    .filter((path) => statSync(path).isFile())
  found.push(join(here, 'package-lock.json'), join(here, 'vite.config.js'))
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

const key = (path) => relative(here, path).split(sep).join('/')

/** What tests/views/test_built.py computes anew, to see that the build is current. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const path of sources()) {
    hash.update(key(path) + '\0')
    hash.update(readFileSync(path, 'utf8').replaceAll('\r\n', '\n') + '\0')
  }
  return hash.digest('hex')
}

const beside = {
  name: 'beside',
  writeBundle() {
    const built = join(out, 'views.js')
    const head = `/* mapsto views, built by frontend/; sources ${fingerprint()} */\n`
    writeFileSync(built, head + readFileSync(built, 'utf8'))
    copyFileSync(join(here, 'src/kit/tokens.css'), join(out, 'tokens.css'))
    const files = join(here, 'node_modules', font)
    const file = 'files/source-serif-4-latin-wght-normal.woff2'
    copyFileSync(join(files, file), join(out, 'source-serif-4.woff2'))
    copyFileSync(join(files, 'LICENSE'), join(out, 'source-serif-4.LICENSE'))
  },
}

export default defineConfig({
  plugins: [svelte({ compilerOptions: { css: 'injected' } }), beside],
  build: {
    outDir: out,
    emptyOutDir: false,
    target: 'es2022',
    minify: true,
    cssCodeSplit: false,
    rollupOptions: {
      input: join(here, 'src/main.ts'),
      preserveEntrySignatures: 'strict',
      output: {
        format: 'es',
        entryFileNames: 'views.js',
        codeSplitting: false,
      },
    },
  },
})

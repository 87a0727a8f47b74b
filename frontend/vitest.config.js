// The views in a real Chromium: the system's own, nothing is downloaded.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** Where the first of the browsers' names is found on PATH. */
function chromium() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
  if (!found) throw new Error('The views are tested in Chromium: make browser installs it')
  return found
}

export default defineConfig({
  plugins: [svelte({ compilerOptions: { css: 'injected' } })],
  test: {
    include: ['tests/*.test.ts'],
    globalSetup: 'tests/words.js',
    reporters: ['default'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      viewport: { width: 1280, height: 900 },
      provider: playwright({
        launchOptions: {
          executablePath: chromium(),
          args: [
            '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync',
          ],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})

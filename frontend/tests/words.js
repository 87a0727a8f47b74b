// The words of the views in both languages, as the Python package has them.
import { execFileSync } from 'node:child_process'

const ASK = `
import json
from mapsto import catalogue, chinese
print(json.dumps({"en": catalogue.VIEWS, "zh": chinese.VIEWS}))
`

export default function setup(project) {
  const python = process.env.PYTHON ?? 'python3'
  const env = { ...process.env, PYTHONPATH: '../src', PYTHONUTF8: '1' }
  project.provide('words', JSON.parse(execFileSync(python, ['-c', ASK], { env, encoding: 'utf8' })))
}

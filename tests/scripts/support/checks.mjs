// Checks that go on after a failure, for the scripts that run in Node.

import assert from 'node:assert/strict'

export const base = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 }

let held = 0
let failed = 0

export const equal = (what, got, want) => {
  try {
    assert.deepStrictEqual(got, want)
    held += 1
  } catch (error) {
    failed += 1
    console.log(`FAILED: ${what}\n${error.message.slice(0, 1500)}`)
  }
}

// `call` is refused with the name, message and status that are wanted.
export const refused = async (what, call, want) => {
  try {
    equal(what, await call(), want)
  } catch (error) {
    equal(what, { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode }, want)
  }
}

// What a list of steps throws is one failure of its own, and the next list runs.
export const round = async (what, steps) => {
  try {
    await steps()
  } catch (error) {
    failed += 1
    console.log(`FAILED: ${what} ended early\n${error.stack}`)
  }
}

export const end = () => {
  console.log(`${held} checks held, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

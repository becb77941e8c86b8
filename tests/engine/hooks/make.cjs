// Prints what Node's promise hooks say while script.js runs, a line an event:
//     node tests/engine/hooks/make.cjs > tests/engine/hooks/expected.txt
// Promises are numbered from 1 as `init` sees them; a parent of 0 is none.
'use strict';
const { promiseHooks } = require('node:v8');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { runInThisContext } = require('node:vm');

const script = readFileSync(join(__dirname, 'script.js'), 'utf8');
const numbers = new Map();
const events = [];
const note = (event) => (promise) => events.push(`${event} ${numbers.get(promise)}`);
const stop = promiseHooks.createHook({
  init(promise, parent) {
    numbers.set(promise, numbers.size + 1);
    events.push(`init ${numbers.size} ${numbers.get(parent) ?? 0}`);
  },
  before: note('before'),
  after: note('after'),
  settled: note('settled'),
});
runInThisContext(`{${script}}`, 'script.js');
setImmediate(() => {
  stop();
  console.log(events.join('\n'));
});

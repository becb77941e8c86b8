'use strict';
// Asks every engine about every case of cases.js and writes corpus/handmade
// and corpus/refused. Run through run.sh, from Node 26.
//
//   node corpus/verdicts/run.js [--only PREFIX]
//
// With --only, the cases whose names begin so are asked and printed, and
// nothing is written.

const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');
const { cases, assemble } = require('./cases.js');

const root = path.resolve(__dirname, '..', '..');
const corpus = path.join(root, 'corpus');
const engines = path.join(root, 'target', 'engines');
const work = path.join(root, 'target', 'verdicts');

// From the newest to the oldest: the first one that can be asked decides.
const askers = [];
// Lets a description tell that a buffer is immutable; reading is the same without.
const flag = '--js-immutable-arraybuffer';
const script = path.join('corpus', 'verdicts', 'ask.cjs');
askers.push({ name: 'deno-2.9', own: needsDelegate,
  command: [path.join(engines, 'deno-2.9', 'package', 'deno'), 'run', '-A', '--quiet', '--v8-flags=' + flag, script] });
for (const major of [26, 24, 22, 20, 18, 16, 14, 12, 10, 8]) {
  askers.push({ name: 'node-' + major,
    command: [path.join(engines, 'node-' + major, 'package', 'bin', 'node'), ...(major >= 26 ? [flag] : []), script] });
}
askers.push({ name: 'libnode-10.2',
  command: [path.join(root, 'target', 'v8', 'legacy'), path.join('corpus', 'verdicts')] });

// Deno numbers shared buffers and modules in the order in which a process
// makes them, so such cases need a process of their own.
function needsDelegate(job) {
  return Boolean(job.options && (job.options.shared || job.options.modules));
}

function run(asker, jobs) {
  const file = path.join(work, asker.name + '.jsonl');
  fs.writeFileSync(file, jobs.map((job) => JSON.stringify(job)).join('\n') + '\n');
  const answers = [];
  while (answers.length < jobs.length) {
    const [program, ...args] = asker.command;
    // Old releases of Node do not write all of a long line to a pipe.
    const out = fs.openSync(file.replace('.jsonl', '.answers'), 'w+');
    const child = spawnSync(program, [...args, file, String(answers.length)], {
      cwd: root, encoding: 'utf8', timeout: 60000, stdio: ['ignore', out, 'pipe'],
      env: { ...process.env, DENO_DIR: path.join(root, 'target', 'deno'), NO_COLOR: '1', NODE_OPTIONS: '' },
    });
    if (child.error && child.error.code === 'ENOENT') throw new Error(program + ' is not there');
    fs.closeSync(out);
    const lines = fs.readFileSync(file.replace('.jsonl', '.answers'), 'utf8').split('\n');
    lines.pop();
    for (const line of lines) answers.push(JSON.parse(line));
    // The case that it was busy with has brought the engine down.
    if (answers.length < jobs.length) {
      answers.push({ crashed: child.signal || 'exit code ' + child.status });
      if (lines.length === 0 && child.stderr && process.env.DEBUG) console.error(child.stderr);
    }
  }
  return answers;
}

function ask(asker, jobs) {
  if (!asker.own) return run(asker, jobs);
  const together = jobs.filter((job) => !asker.own(job));
  const answers = new Map();
  run(asker, together).forEach((answer, i) => answers.set(together[i], answer));
  for (const job of jobs) if (asker.own(job)) answers.set(job, run(asker, [job])[0]);
  return jobs.map((job) => answers.get(job));
}

function ascii(text) {
  return text.replace(/[^\x20-\x7e\n]/g, (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

const at = process.argv.indexOf('--only');
const prefix = at < 0 ? '' : process.argv[at + 1];
const chosen = cases.filter((one) => one.name.startsWith(prefix));
fs.mkdirSync(work, { recursive: true });

const jobs = chosen.map((one) => ({ hex: Buffer.from(assemble(one.bytes)).toString('hex'), options: one.options }));
const verdicts = chosen.map(() => ({}));
for (const asker of askers) {
  ask(asker, jobs).forEach((answer, i) => {
    if (answer.failed) throw new Error(asker.name + ', ' + chosen[i].name + ': ' + answer.failed);
    // An engine that cannot be given what the case needs has no verdict.
    if (!answer.skipped) verdicts[i][asker.name] = answer;
  });
}

const folders = { handmade: 0, refused: 0 };
const keep = new Set();
for (const [i, one] of chosen.entries()) {
  const decider = askers.find((asker) => verdicts[i][asker.name]);
  if (!decider) throw new Error('no engine can be asked about ' + one.name);
  const verdict = verdicts[i][decider.name];
  const folder = verdict.ok ? 'handmade' : 'refused';
  folders[folder]++;
  const header = { case: one.name, topic: one.topic, about: one.about, bytes: one.bytes, options: one.options || {}, decided_by: decider.name };
  // One line for each engine, so that a change of verdict is easy to see.
  const lines = Object.keys(header).map((key) => '  ' + JSON.stringify(key) + ': ' + JSON.stringify(header[key]));
  const each = Object.keys(verdicts[i]).map((name) => '    ' + JSON.stringify(name) + ': ' + JSON.stringify(verdicts[i][name]));
  const text = ascii('{\n' + lines.join(',\n') + ',\n  "engines": {\n' + each.join(',\n') + '\n  }\n}\n');
  if (prefix) {
    console.log(jobs[i].hex + '\n' + text);
    continue;
  }
  for (const name of Object.keys(folders)) fs.mkdirSync(path.join(corpus, name), { recursive: true });
  fs.writeFileSync(path.join(corpus, folder, one.name + '.v8'), Buffer.from(jobs[i].hex, 'hex'));
  fs.writeFileSync(path.join(corpus, folder, one.name + '.json'), text);
  keep.add(folder + '/' + one.name);
}
if (!prefix) {
  // Cases that are gone or have changed sides.
  for (const folder of Object.keys(folders)) {
    for (const file of fs.readdirSync(path.join(corpus, folder))) {
      if (/\.(v8|json)$/.test(file) && !keep.has(folder + '/' + file.replace(/\.(v8|json)$/, ''))) {
        fs.unlinkSync(path.join(corpus, folder, file));
      }
    }
  }
  fs.writeFileSync(path.join(__dirname, 'differences.md'), differences());
  console.log('handmade: ' + folders.handmade + ', refused: ' + folders.refused);
}

// A table of the cases that not all engines read alike, oldest engine first.
function differences() {
  const order = ['node-8', 'node-10', 'node-12', 'node-14', 'node-16', 'node-18', 'libnode-10.2', 'node-20', 'node-22', 'node-24', 'node-26', 'deno-2.9'];
  const rows = [];
  for (const [i, one] of chosen.entries()) {
    const groups = [];
    for (const name of order) {
      const verdict = verdicts[i][name];
      if (!verdict) continue;
      // That a version is not known yet says nothing about the value.
      if (/unsupported version/.test(verdict.refused) && one.topic !== 'headers') continue;
      const text = verdict.ok ? JSON.stringify(verdict.ok) + (verdict.left ? ', ' + verdict.left + ' bytes left' : '')
        : verdict.crashed ? 'crashes' : 'refused';
      const last = groups[groups.length - 1];
      if (last && last.text === text) last.to = name;
      else groups.push({ from: name, to: name, text });
    }
    if (groups.length < 2) continue;
    const cell = groups.map((group) => (group.from === group.to ? group.from : group.from + ' to ' + group.to) + ': ' +
      (group.text === 'refused' || group.text === 'crashes' ? group.text : '`' + group.text.replace(/\|/g, '\\|') + '`')).join('<br>');
    const folder = keep.has('handmade/' + one.name) ? 'handmade' : 'refused';
    rows.push('| [' + one.name + '](../' + folder + '/' + one.name + '.json) | ' + one.about.replace(/\|/g, '\\|') + ' | ' + cell + ' |');
  }
  return ascii('# What releases read differently\n\nWritten by `run.js` from the verdicts; engines that do not know the version of a case are left out.\n\n' +
    '| case | about | verdicts |\n|---|---|---|\n' + rows.join('\n') + '\n');
}

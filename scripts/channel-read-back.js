// What Node's own end of a channel makes of messages that we wrote.
//
//   node channel-read-back.js MESSAGES
//
// MESSAGES has one blob a line, in hexadecimal. This process starts a child with `serialization: 'advanced'`
// over a pipe of its own and writes the messages there, each behind its length. The child prints the
// description of each (corpus/README.md has the grammar), one a line.
'use strict';
const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const { describe, toText } = require(path.join(__dirname, '../corpus/generate/describe.js'));

if (process.argv[2] !== '--child') {
  const child = spawn(process.execPath, process.execArgv.concat([__filename, '--child']), {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    env: Object.assign({}, process.env, { NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'advanced' })
  });
  const lines = fs.readFileSync(process.argv[2], 'latin1').split('\n').filter((line) => line);
  for (const line of lines) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(line.length / 2, 0);
    child.stdio[3].write(length);
    child.stdio[3].write(Buffer.from(line, 'hex'));
  }
  child.stdio[3].end();
  child.on('exit', (code) => { process.exitCode = code === null ? 1 : code; });
} else {
  process.on('message', (message) => {
    const text = Buffer.from(toText(describe(message, { hostViews: true })) + '\n');
    for (let at = 0; at < text.length;) {
      try {
        at += fs.writeSync(1, text, at);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
      }
    }
  });
}

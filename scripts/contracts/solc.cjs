#!/usr/bin/env node
// Presents npm's solc (wasm) to forge as a native compiler: `--version` and `--standard-json` are all that forge uses.
// All other arguments (--base-path, --allow-paths, ...) may be ignored, because standard JSON carries every source.
if (process.argv.includes('--version')) {
  const soljson = require('solc/soljson.js');
  const version = soljson.cwrap('solidity_version', 'string', []);
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version()}\n`);
} else {
  const solc = require('solc');
  let input = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    input += chunk;
  });
  process.stdin.on('end', () => {
    process.stdout.write(solc.compile(input));
  });
}

#!/usr/bin/env node
// Presents npm's solc (wasm) to forge as a native compiler: `--version` and `--standard-json` are all that forge uses.
// All other arguments (--base-path, --allow-paths, ...) may be ignored, because standard JSON carries every source.
if (process.argv.includes('--version')) {
  const soljson = require('solc/soljson.js');
  const version = soljson.cwrap('solidity_version', 'string', []);
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version()}\n`);
} else {
  let input = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    input += chunk;
  });
  process.stdin.on('end', () => {
    process.stdout.write(compile(input));
  });
}

function compile(text) {
  const solc = require('solc');
  const parts = splitTests(JSON.parse(text));
  if (!parts) return solc.compile(text);
  const [ours, tests] = parts.map((part) => JSON.parse(solc.compile(JSON.stringify(part))));
  return JSON.stringify({
    contracts: { ...ours.contracts, ...tests.contracts },
    sources: ours.sources,
    errors: [
      ...new Map([...(ours.errors ?? []), ...(tests.errors ?? [])].map((e) => [e.formattedMessage, e])).values(),
    ],
  });
}

/**
 * The same input twice, once for all that is measured and once, without the optimizer, for what only asks: two thirds of the compiler's
 * time went into making test contracts small. That leaves the code under test alone as long as tests are linked to it at run time
 * (FOUNDRY_DYNAMIC_TEST_LINKING); gas tests carry tokens whose cost is theirs to know. Null where there is nothing to split.
 */
function splitTests(input) {
  const { outputSelection, optimizer } = input.settings;
  const wanted = Object.entries(outputSelection);
  const onlyAsks = ([path]) => /^contracts\/test\/(?!Gas)/.test(path);
  if (process.env.FOUNDRY_DYNAMIC_TEST_LINKING !== 'true' || !optimizer?.enabled || !wanted.some(onlyAsks)) return null;
  const part = (selection, settings) => ({
    ...input,
    settings: { ...input.settings, ...settings, outputSelection: Object.fromEntries(selection) },
  });
  return [
    part(wanted.filter((one) => !onlyAsks(one))),
    part(wanted.filter(onlyAsks), { optimizer: { ...optimizer, enabled: false } }),
  ];
}

import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { exportOllama } from '#lib/engine/io/export-ollama.ts';
import { mergeAdapter } from '#lib/engine/io/merge-adapter.ts';

/**
 * Takes a model out of OpenLedger for other programs:
 *   node scripts/export-model.ts --base models/openledger-nano --adapter <PEFT folder> --format merged --out <folder>
 *   node scripts/export-model.ts --base models/openledger-nano [--adapter <PEFT folder>] --format gguf --out <folder>
 */
const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    adapter: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    dtype: { type: 'string' },
  },
});
const { base, adapter, format, out, dtype } = values;
const isMerge = format === 'merged' && adapter !== undefined;
const isGguf = format === 'gguf' && (dtype === undefined || dtype === 'F16' || dtype === 'F32');
if (!base || !out || !(isMerge || isGguf)) {
  console.error(
    'Usage: export-model --base <folder> [--adapter <folder>] --format merged|gguf --out <folder> [--dtype F16|F32]',
  );
  process.exit(2);
}
if (isMerge) await mergeAdapter(base, adapter, out);
else await exportOllama(base, adapter ?? null, out, dtype ? { dtype: dtype as 'F16' | 'F32' } : {});
console.log(`${basename(base)} is written to ${out}.`);

import { parseArgs } from 'node:util';
import { readAdapter, writeAdapter } from '#lib/engine/io/peft.ts';
import { readLlamaConfig } from '#lib/engine/nn/config.ts';

/**
 * Checks a PEFT adapter of somebody else against a base and writes it as the engine reads it:
 *   node scripts/import-adapter.ts --base models/openledger-nano --adapter <PEFT folder> --out <folder>
 */
const { values } = parseArgs({
  options: { base: { type: 'string' }, adapter: { type: 'string' }, out: { type: 'string' } },
});
const { base, adapter, out } = values;
if (!base || !adapter || !out) {
  console.error('Usage: import-adapter --base <folder> --adapter <folder> --out <folder>');
  process.exit(2);
}
try {
  const loaded = await readAdapter(adapter, await readLlamaConfig(base));
  await writeAdapter(out, loaded);
  const { r, targetModules } = loaded.layout.lora;
  console.log(
    `The adapter fits: rank ${r} on ${targetModules.join(', ')}, ${loaded.layout.length} parameters. It is in ${out}.`,
  );
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.error(code ? `${code}: ${message}` : message);
  process.exit(1);
}

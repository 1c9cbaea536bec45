import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { writeFileAtomically } from '#lib/engine/io/write-file-atomically.ts';
import { specialTokens } from '#lib/engine/tokenizer/chat-format.ts';
import { tokenizerConfigJson, tokenizerJson } from '#lib/engine/tokenizer/tokenizer-json.ts';
import { PreTokenCounter, trainBpe } from '#lib/engine/tokenizer/train-bpe.ts';

const usage =
  'node scripts/train-tokenizer.ts --data <file.jsonl.gz> --out <model folder> [--vocab 4096] [--context 256] [--max-chars N]';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    vocab: { type: 'string', default: '4096' },
    context: { type: 'string', default: '256' },
    'max-chars': { type: 'string', default: 'Infinity' },
  },
});
if (!values.data || !values.out) {
  console.error(`Usage: ${usage}`);
  process.exit(2);
}

const counter = new PreTokenCounter();
let characters = 0;
for await (const line of createInterface({ input: createReadStream(values.data).pipe(createGunzip()) })) {
  const { text } = JSON.parse(line) as { text: string };
  counter.add(text);
  characters += text.length;
  if (characters >= Number(values['max-chars'])) break;
}
console.log(`${characters} characters, ${counter.counts.size} different pre-tokens`);

const vocabulary = trainBpe(counter.counts, {
  vocabularySize: Number(values.vocab),
  specialTokens: Object.values(specialTokens),
});
await mkdir(values.out, { recursive: true });
await writeJson('tokenizer.json', tokenizerJson(vocabulary));
await writeJson('tokenizer_config.json', tokenizerConfigJson(Number(values.context)));
console.log(`${vocabulary.tokens.length} tokens written to ${values.out}`);

async function writeJson(name: string, content: object): Promise<void> {
  await writeFileAtomically(join(values.out!, name), [Buffer.from(`${JSON.stringify(content, null, 1)}\n`)]);
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byteLevelJson, sentencePieceJson } from '#lib/engine/tokenizer/test-support/tokenizer-files.ts';

/** Kinds of tokenizers beyond the shipped one: description and tokenizer_config.json. */
const kinds: Readonly<Record<string, [json: () => object, config: object]>> = {
  'byte-level as in Qwen2': [
    () => byteLevelJson(['<|endoftext|>', '<|im_start|>', '<|im_end|>']),
    { eos_token: '<|im_end|>' },
  ],
  'SentencePiece as in Llama 2': [() => sentencePieceJson({ legacy: true }), { bos_token: '<s>', eos_token: '</s>' }],
  'SentencePiece as in Mistral': [() => sentencePieceJson({ legacy: false }), { bos_token: '<s>', eos_token: '</s>' }],
};

/** Writes the tokenizer files of each kind into a folder of its own; name and folder. */
export async function writeTokenizerKinds(root: string): Promise<[name: string, dir: string][]> {
  const folders: [string, string][] = [];
  for (const [name, [json, config]] of Object.entries(kinds)) {
    const dir = join(root, `tokenizer of ${name}`);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(json()));
    await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify(config));
    folders.push([name, dir]);
  }
  return folders;
}

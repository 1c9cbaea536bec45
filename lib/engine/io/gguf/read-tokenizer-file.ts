import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GgufExportError } from './write-gguf.ts';

/** The parts of a Hugging Face `tokenizer.json` that GGUF stores in another form; `Tokenizer` has checked the rest. */
export type TokenizerFile = {
  normalizer?: TokenizerStep | null;
  pre_tokenizer?: TokenizerStep | null;
  added_tokens?: { id: number; content: string; special: boolean }[];
  model: {
    vocab: Record<string, number>;
    merges: (string | [string, string])[];
    byte_fallback?: boolean;
    ignore_merges?: boolean;
    unk_token?: string | null;
  };
};

/** A normalizer or pre-tokenizer; fields by type. */
export type TokenizerStep = { type: string } & Record<string, unknown>;

/** Reads `<modelDir>/tokenizer.json`. @throws GgufExportError if it cannot be read */
export async function readTokenizerFile(modelDir: string): Promise<TokenizerFile> {
  try {
    return JSON.parse(await readFile(join(modelDir, 'tokenizer.json'), 'utf8')) as TokenizerFile;
  } catch (cause) {
    throw new GgufExportError('The model folder has no readable tokenizer.json.', { cause });
  }
}

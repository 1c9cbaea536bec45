import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GgufExportError } from './write-gguf.ts';

/** The parts of a Hugging Face `tokenizer.json` that decide how text becomes ids. */
export type TokenizerFile = {
  normalizer?: TokenizerStep | null;
  pre_tokenizer?: TokenizerStep | null;
  post_processor?: TokenizerStep | null;
  added_tokens?: { id: number; content: string; special: boolean }[];
  model: {
    type: string;
    vocab: Record<string, number>;
    merges: (string | [string, string])[];
    byte_fallback?: boolean;
    ignore_merges?: boolean;
    unk_token?: string | null;
  };
};

/** A normalizer, pre-tokenizer or post-processor; fields by type. */
export type TokenizerStep = { type: string } & Record<string, unknown>;

export type TokenizerFiles = { tokenizer: TokenizerFile; config: Record<string, unknown>; chatTemplate: string | null };

/** Reads the tokenizer of a model folder. @throws GgufExportError if a file is missing or the model is no BPE */
export async function readTokenizerFiles(modelDir: string): Promise<TokenizerFiles> {
  const tokenizer = await readJson<TokenizerFile>(modelDir, 'tokenizer.json');
  const config = await readJson<Record<string, unknown>>(modelDir, 'tokenizer_config.json');
  if (tokenizer.model?.type !== 'BPE') {
    throw new GgufExportError(`GGUF export knows BPE tokenizers only; tokenizer.json has ${tokenizer.model?.type}.`);
  }
  const file = await readFile(join(modelDir, 'chat_template.jinja'), 'utf8').catch(() => null);
  return { tokenizer, config, chatTemplate: file ?? templateOf(config.chat_template) };
}

/** One template, or a list of named ones of which `default` is the one for chat. */
function templateOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const named = value as { name?: unknown; template?: unknown }[];
  const found = (named.find(({ name }) => name === 'default') ?? named[0])?.template;
  return typeof found === 'string' ? found : null;
}

async function readJson<T>(modelDir: string, name: string): Promise<T> {
  try {
    return JSON.parse(await readFile(join(modelDir, name), 'utf8')) as T;
  } catch (cause) {
    throw new GgufExportError(`The model folder has no readable ${name}.`, { cause });
  }
}

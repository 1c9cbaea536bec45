import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { openModelDir } from '../io/model-dir.ts';
import type { LlamaConfig } from '../nn/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A base ready to be fed to graphs: one float32 array per tensor, shared by all sessions of the thread. */
export type BaseModel = {
  config: LlamaConfig;
  tokenizer: Tokenizer;
  weights: Readonly<Record<string, Float32Array>>;
  /** SHA-256 over the names and bytes of config.json, tokenizer.json and the weight files. */
  sha256: string;
};

/** Loads and identifies a model folder. @throws ModelDirError */
export async function loadBaseModel(modelDir: string): Promise<BaseModel> {
  const { config, tokenizer, weights, shards } = await openModelDir(modelDir);
  return {
    config,
    tokenizer,
    weights: Object.fromEntries([...weights].map(([name, { data }]) => [name, data])),
    sha256: await hashBaseModel(modelDir, shards),
  };
}

/** `BaseModel.sha256` of a folder, without loading it. */
export async function hashBaseModel(modelDir: string, shards: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['config.json', 'tokenizer.json', ...shards]) {
    hash.update(`${name}\n`);
    for await (const chunk of createReadStream(join(modelDir, name))) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

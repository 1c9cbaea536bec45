import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { renderChat } from '../tokenizer/chat.ts';
import { specialTokens } from '../tokenizer/chat-format.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { chatDocuments } from './chat-documents.ts';
import { createRandom } from './random.ts';

export type SourceStatistics = { license: string; documents: number; characters: number };

/** Windows of `time + 1` tokens, one after the other: inputs are the first `time`, labels the last `time`. */
export type PretrainingData = {
  train: Uint16Array;
  heldOut: Uint16Array;
  statistics: {
    dataSha256: string;
    trainTokens: number;
    chatTokens: number;
    heldOutTokens: number;
    sources: Record<string, SourceStatistics>;
  };
};

/** One document in this many is held out of training. */
const heldOutEvery = 200;
/** Conversations get at most this share of a document's characters, which makes them a sixth of the stream. */
const chatRatio = 0.25;

/**
 * Tokenises a corpus (gzipped JSON lines with `title`, `text`, `source`, `license`) into training windows and keeps
 * the result under `cacheDir`, by the hash of corpus and vocabulary.
 */
export async function preparePretrainingData(
  dataPath: string,
  tokenizer: Tokenizer,
  tokenizerHash: string,
  cacheDir: string,
  time: number,
): Promise<PretrainingData> {
  const dataSha256 = await sha256OfFile(dataPath);
  const folder = join(cacheDir, `tokens-${dataSha256.slice(0, 16)}-${tokenizerHash.slice(0, 16)}-${time}`);
  const cached = await readCache(folder);
  if (cached) return cached;
  const data = await tokenizeCorpus(dataPath, dataSha256, tokenizer, time);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'train.bin'), data.train);
  await writeFile(join(folder, 'held-out.bin'), data.heldOut);
  await writeFile(join(folder, 'statistics.json'), JSON.stringify(data.statistics)); // last: marks the cache as whole
  return data;
}

async function tokenizeCorpus(
  dataPath: string,
  dataSha256: string,
  tokenizer: Tokenizer,
  time: number,
): Promise<PretrainingData> {
  const border = tokenizer.idOf(specialTokens.endOfText)!;
  const plain = new WindowPacker(time + 1);
  const chat = new WindowPacker(time + 1);
  const heldOut = new WindowPacker(time + 1);
  const sources: Record<string, SourceStatistics> = {};
  const random = createRandom(`chat|${dataSha256}`);
  let index = 0;
  for await (const line of createInterface({ input: createReadStream(dataPath).pipe(createGunzip()) })) {
    const document = JSON.parse(line) as { source: string; license: string; title: string; text: string };
    const ids = [...tokenizer.encode(document.text), border];
    if (index++ % heldOutEvery === 0) {
      heldOut.addStream(ids);
      continue;
    }
    plain.addStream(ids);
    const budget = Math.min(4000, document.text.length * chatRatio);
    for (const turns of chatDocuments(document, random, budget)) {
      chat.addWhole([...renderChat(tokenizer, turns).ids, border]);
    }
    const { documents, characters } = sources[document.source] ?? { documents: 0, characters: 0 };
    sources[document.source] = {
      license: document.license,
      documents: documents + 1,
      characters: characters + document.text.length,
    };
  }
  const train = new Uint16Array(plain.windows.length + chat.windows.length);
  train.set(plain.windows);
  train.set(chat.windows, plain.windows.length);
  const statistics = {
    dataSha256,
    trainTokens: train.length,
    chatTokens: chat.windows.length,
    heldOutTokens: heldOut.windows.length,
    sources,
  };
  return { train, heldOut: Uint16Array.from(heldOut.windows), statistics };
}

/** Fills fixed windows with tokens. */
class WindowPacker {
  private readonly width: number;
  private buffer = new Uint16Array(1 << 20);
  private length = 0;

  constructor(width: number) {
    this.width = width;
  }

  /** All whole windows so far. */
  get windows(): Uint16Array {
    return this.buffer.subarray(0, this.length - (this.length % this.width));
  }

  /** Appends tokens that may run over a window's end into the next one. */
  addStream(ids: readonly number[]): void {
    this.reserve(ids.length);
    this.buffer.set(ids, this.length);
    this.length += ids.length;
  }

  /** Appends a conversation; what does not fit into the window is dropped, so that each window starts with a turn. */
  addWhole(ids: readonly number[]): void {
    const room = this.width - (this.length % this.width);
    this.addStream(ids.length > room ? ids.slice(0, room) : ids);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint16Array(2 * (this.length + more));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

async function readCache(folder: string): Promise<PretrainingData | null> {
  try {
    const statistics = JSON.parse(await readFile(join(folder, 'statistics.json'), 'utf8'));
    const [train, heldOut] = await Promise.all(
      ['train.bin', 'held-out.bin'].map(async (name) => {
        const bytes = await readFile(join(folder, name));
        return new Uint16Array(new Uint8Array(bytes).buffer);
      }),
    );
    return { train: train!, heldOut: heldOut!, statistics };
  } catch {
    return null; // No cache, or one that was not finished: the corpus is tokenised anew.
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

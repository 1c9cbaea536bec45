import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderPrefix } from '#lib/engine/tokenizer/chat.ts';
import { holdAdapter } from './hold-adapter.ts';
import { embedSchema } from './requests.ts';
import { readJson, sendJson } from './respond.ts';
import type { ServeDeps } from './serve-deps.ts';

/** Requests that may wait for one base's embedding thread. */
const queuedMax = 16;

/**
 * POST /embed: a vector a text, float32 little-endian as base64. `vectors` is null, and nothing is computed, where a text is longer
 * than the context, the texts together than `tokensMax`, a token is not of the vocabulary (`isKnown` false), or the base runs on a fleet, which gives no hidden states (`canEmbed` false).
 */
export async function embed(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { adapterId, texts, tokensMax } = embedSchema.parse(await readJson(request));
  const held = await holdAdapter(deps, adapterId);
  try {
    const { model, adapter, baseModel } = held;
    const { contextTokens } = model.backend;
    const ids = texts.map((text) => (typeof text === 'string' ? renderPrefix(model.tokenizer, text) : text));
    const tokens = ids.map(({ length }) => length);
    const isKnown = ids.every((text) => text.every((id) => id < model.tokenizer.vocabularySize));
    const isFit = tokens.every((count) => count <= contextTokens) && tokens.reduce((a, b) => a + b, 0) <= tokensMax;
    const said = { tokens, contextTokens, isKnown, canEmbed: model.fleet === null };
    if (!isFit || !isKnown || !said.canEmbed) return sendJson(response, 200, { ...said, vectors: null });
    const engine = deps.pool.embedder(baseModel);
    if (engine.queued >= queuedMax) throw Object.assign(new Error('embeddings wait'), { code: 'queue_full' });
    const vectors = await engine.embed({ adapterDir: adapter.dir, baseSha256: adapter.baseSha256, texts: ids });
    held.countUse();
    sendJson(response, 200, { ...said, vectors: vectors.map(toBase64) });
  } finally {
    held.release();
  }
}

const toBase64 = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

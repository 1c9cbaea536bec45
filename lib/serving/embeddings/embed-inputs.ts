import { sql } from 'drizzle-orm';
import { type Taken, takenOf, windowOf } from '#lib/platform/auth/take-from-limit.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { ContextTooLongError, EmbeddingsUnsupportedError } from '../errors.ts';
import { getAskableModel } from '../get-askable-model.ts';
import { embedTexts } from '../serve-client.ts';
import { EmbeddingInputTooLongError, UnknownTokenError } from './errors.ts';

/** Of one request; together with the limit on requests it bounds what a caller can make the server compute. */
const requestTokensMax = 8_192;
/** Embeddings cost nothing, because nobody can be named for them: no answer, no influence. So each caller has so many a day. */
const dailyTokens = { name: 'embed-tokens', max: 200_000, windowSeconds: 86_400 };

export type Embeddings = {
  model: string;
  /** Float32 little-endian, base64, in the order of the texts; each of length 1. */
  vectors: string[];
  promptTokens: number;
};

/**
 * Vectors of texts: the mean of the last hidden states of a model's base with its adapter, of length 1. Free, out of a daily quota of
 * tokens a caller. Where passes are needed one must be held; vectors are no answers, so none is taken off it.
 *
 * @param input `texts`: words, or token ids of this model
 * @throws ModelNotFoundError, PassRequiredError, EmbeddingsUnsupportedError, ContextTooLongError, EmbeddingInputTooLongError, UnknownTokenError,
 * TooManyRequestsError, and what the serve process refuses with
 */
export async function embedInputs(
  deps: Pick<Deps, 'db' | 'env' | 'now'>,
  input: { model: string; viewer: string | null; callerKey: string; texts: readonly (string | number[])[] },
): Promise<Embeddings> {
  const model = await getAskableModel(deps, input.model, input.viewer);
  const found = await embedTexts(deps, { adapterId: model.adapterId, texts: input.texts, tokensMax: requestTokensMax });
  const { tokens, contextTokens, canEmbed, isKnown, vectors } = found;
  if (!canEmbed) throw new EmbeddingsUnsupportedError(model.slug);
  if (!isKnown) throw new UnknownTokenError(model.slug);
  const longest = Math.max(...tokens);
  if (longest > contextTokens) throw new ContextTooLongError(longest, contextTokens);
  const promptTokens = tokens.reduce((sum, count) => sum + count, 0);
  if (vectors === null) throw new EmbeddingInputTooLongError(promptTokens, requestTokensMax);
  await takeTokens(deps, input.callerKey, promptTokens);
  return { model: model.slug, vectors, promptTokens };
}

async function takeTokens(deps: Pick<Deps, 'db' | 'now'>, callerKey: string, tokens: number): Promise<Taken> {
  const { start, expiresAt } = windowOf(dailyTokens, deps.now());
  const { rows } = await deps.db.execute<{ count: number }>(sql`
    insert into rate_limits (key, count, expires_at)
    values (${`${dailyTokens.name}:${callerKey}:${start}`}, ${tokens}, ${expiresAt.toISOString()}::timestamptz)
    on conflict (key) do update set count = rate_limits.count + ${tokens}
    returning count`);
  return takenOf(deps, dailyTokens, { used: rows[0]!.count, expiresAt });
}

/** The part of a streamed `text_completion` that we read; vLLM and SGLang both have it (streamed completions). */
export type CompletionChunk = {
  error?: { message?: string; code?: number | string };
  choices?: {
    text?: string;
    finish_reason?: string | null;
    /** With `return_token_ids`: the tokens of this chunk. */
    token_ids?: number[] | null;
    logprobs?: {
      tokens?: string[];
      token_logprobs?: (number | null)[];
      top_logprobs?: (Record<string, number> | null)[] | null;
    } | null;
  }[];
};

export type ChunkToken = { id: number; logprob: number; top: { id: number; logprob: number }[] };
type Encode = (text: string) => number[];

/** Whether something of the answer is in it: from then on no other server may begin anew. */
export function isPartOfAnswer({ choices }: CompletionChunk): boolean {
  const choice = choices?.[0];
  return Boolean(choice?.text || choice?.token_ids?.length || choice?.logprobs?.tokens?.length);
}

/**
 * Tokens of one chunk. Ids are the server's own where it tells them: `token_ids`, else `token_id:<id>` among the logprobs.
 * Where it tells none, its text is encoded with our tokenizer: a valid spelling of the same text, but perhaps not the one
 * that was sampled, so `isRetokenized` says so.
 */
export function readTokens(
  choice: NonNullable<CompletionChunk['choices']>[number],
  encode: Encode,
): { tokens: ChunkToken[]; isRetokenized: boolean } {
  const { logprobs, text = '' } = choice;
  const told = choice.token_ids ?? idsOf(logprobs?.tokens);
  const ids = told ?? (text === '' ? [] : encode(text));
  const tokens = ids.map((id, i) => ({
    id,
    // With more or fewer logprobs than ids (retokenised text) there is no telling whose they are.
    logprob: (logprobs?.token_logprobs?.length === ids.length ? logprobs.token_logprobs[i] : null) ?? Number.NaN,
    top: Object.entries(logprobs?.top_logprobs?.[i] ?? {}).flatMap(([token, logprob]) => {
      const topId = idOf(token) ?? singleId(token, encode);
      return topId === null ? [] : [{ id: topId, logprob }];
    }),
  }));
  return { tokens, isRetokenized: told === null && ids.length > 0 };
}

function idsOf(tokens: string[] | undefined): number[] | null {
  const ids = tokens?.map(idOf) ?? [];
  return ids.length > 0 && ids.every((id) => id !== null) ? ids : null;
}

function idOf(token: string): number | null {
  const digits = /^token_id:(\d+)$/.exec(token)?.[1];
  return digits === undefined ? null : Number(digits);
}

function singleId(text: string, encode: Encode): number | null {
  const ids = encode(text);
  return ids.length === 1 ? ids[0]! : null;
}

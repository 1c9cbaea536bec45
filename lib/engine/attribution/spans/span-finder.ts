import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type FoundSpan, findSpans } from './find-spans.ts';
import { readSpanIndex } from './span-file.ts';
import type { SpanIndex } from './span-index.ts';

/** A span with its place in the answer's text, in UTF-16 units. */
export type AnswerSpan = FoundSpan & { startChar: number; endChar: number };

export type AnswerSpans = {
  indexSha256: string;
  spans: AnswerSpan[];
};

const indexesMax = 2;

/** Finds the spans of answers; keeps tokenizers and the indexes used last. Folders and files are cached by path. */
export class SpanFinder {
  private readonly tokenizers = new Map<string, Promise<Tokenizer>>();
  private readonly indexes = new Map<string, Promise<SpanIndex>>();

  /**
   * @param completionIds the answer's tokens; those of the chat format, such as its end, belong to no span
   * @throws AttributionIndexError, AttributionQueryError, TokenizerError
   */
  async find(input: { modelDir: string; indexFile: string; completionIds: readonly number[] }): Promise<AnswerSpans> {
    const tokenizer = await kept(this.tokenizers, input.modelDir, () => Tokenizer.load(input.modelDir));
    const index = await kept(this.indexes, input.indexFile, () => readSpanIndex(input.indexFile));
    if (this.indexes.size > indexesMax) this.indexes.delete(this.indexes.keys().next().value!);
    const ids = input.completionIds;
    const textIds = ids.slice(0, ids.findLastIndex((id) => !tokenizer.isSpecial(id)) + 1);
    const charsBefore = (token: number): number => tokenizer.decode(ids.slice(0, token)).length;
    const spans = findSpans(index, textIds).map((span) => ({
      ...span,
      startChar: charsBefore(span.start),
      endChar: charsBefore(span.end),
    }));
    return { indexSha256: index.sha256, spans };
  }
}

/** The kept promise, moved to the end of the map; a failed one is not kept. */
function kept<T>(map: Map<string, Promise<T>>, key: string, load: () => Promise<T>): Promise<T> {
  const value = map.get(key) ?? load();
  map.delete(key);
  map.set(key, value);
  value.catch(() => map.delete(key));
  return value;
}

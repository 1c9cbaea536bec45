import type { Deps } from '#lib/platform/deps.ts';
import { RetrievalRefusedError } from '#lib/retrieval/errors.ts';
import { findPrompt } from '#lib/retrieval/find-prompt.ts';
import type { RetrievedRow } from '#lib/retrieval/types.ts';
import { ContextTooLongError, ConversationRefusedError } from './errors.ts';
import type { ChatMessage } from './schema.ts';
import { type RenderedPrompt, renderPrompt } from './serve-client.ts';
import type { ServableModel } from './types.ts';

export type PromptInput = {
  messages: ChatMessage[];
  /** The one message's text is the prompt, without the model's chat template. */
  isPlain?: boolean;
  /** Of the answer, at most. */
  maxTokens: number;
  /** Up to so many rows of the Datanet are put before the question. */
  retrieval?: { rows: number } | undefined;
};

export type PreparedPrompt = RenderedPrompt & {
  /** As the model sees them, rows included. */
  messages: ChatMessage[];
  /** Of the answer; what the context leaves may be less than what was asked for. */
  maxTokens: number;
  /** Null when the caller did not ask for rows. */
  retrieved: RetrievedRow[] | null;
};

/**
 * What a model will be asked, and its tokens: what is quoted, held and charged. Rows get what the question leaves of the
 * context; an answer keeps the length that was asked for, up to half of the context.
 *
 * @throws ContextTooLongError (of the conversation without rows), ConversationRefusedError, RetrievalRefusedError,
 * ServeOverloadedError, ServeUnavailableError
 */
export async function preparePrompt(
  deps: Pick<Deps, 'db' | 'env'>,
  model: ServableModel,
  { messages, isPlain = false, maxTokens, retrieval }: PromptInput,
): Promise<PreparedPrompt> {
  const plain = await renderPrompt(deps, model.adapterId, isPlain ? messages[0]!.content : messages);
  const { promptIds, contextTokens } = plain;
  if (promptIds.length >= contextTokens) throw new ContextTooLongError(promptIds.length, contextTokens);
  const found = retrieval
    ? await findPrompt(
        deps.db,
        model,
        { messages, rows: retrieval.rows },
        {
          plain,
          tokensMax: contextTokens - Math.min(maxTokens, contextTokens >> 1),
          render: (conversation) => renderWithRows(deps, model.adapterId, conversation, plain),
        },
      )
    : { messages, prompt: plain, retrieved: null };
  return {
    ...found.prompt,
    messages: found.messages,
    maxTokens: Math.min(maxTokens, contextTokens - found.prompt.promptIds.length),
    retrieved: found.retrieved,
  };
}

/** A template without a place for a system message refuses it, or leaves it out. */
async function renderWithRows(
  deps: Pick<Deps, 'env'>,
  adapterId: string,
  messages: ChatMessage[],
  plain: RenderedPrompt,
): Promise<RenderedPrompt> {
  const prompt = await renderPrompt(deps, adapterId, messages).catch((error: unknown) => {
    throw error instanceof ConversationRefusedError ? new RetrievalRefusedError(error) : error;
  });
  if (prompt.promptIds.length <= plain.promptIds.length) throw new RetrievalRefusedError();
  return prompt;
}

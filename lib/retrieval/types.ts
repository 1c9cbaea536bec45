import type { ChatMessage, RetrievedRow } from '#db/schema/models.ts';
import type { RetrievalValues } from '#lib/kernel/retrieval-credit.ts';

export type { ChatMessage, RetrievedRow };

/** The part of a model that decides which rows its answers may read. */
export type RetrievalModel = { adapterId: string; versionId: string; datanetId: string };

/**
 * The engine behind a function, so that lib never imports it: what the answer is worth after each of 2^k conversations, the
 * last one being the prompt that was answered (lib/engine/attribution/retrieval).
 */
export type RetrievalValuer = (input: {
  adapterId: string;
  conversations: ChatMessage[][];
  promptIds: number[];
  completionIds: number[];
}) => Promise<RetrievalValues & { method: string }>;

import type { DatabaseOrTransaction } from '#db/client.ts';
import type { ChatMessage, RetrievedRow } from '#db/schema/models.ts';
import { conversationsOf, promptTemplate } from '#lib/kernel/prompt-with-rows.ts';
import { creditRetrieval } from '#lib/kernel/retrieval-credit.ts';
import { listPassages } from '#lib/retrieval/queries.ts';
import type { RetrievalValuer } from '#lib/retrieval/types.ts';

/** What a receipt says of the rows that stood in the prompt, before each row's share is divided over its lineage. */
export type RetrievalBlock = {
  method: string;
  template: string;
  /** In the order of the prompt. */
  rows: { exampleId: string; chars: number; sharePpm: number }[];
  microNats: number[];
  baseMicroNats: number;
  sharePpm: number;
};

export type RetrievalAnswer = {
  adapterId: string;
  /** As the caller sent them. */
  messages: ChatMessage[];
  /** Null when the caller did not ask for rows. */
  retrieved: RetrievedRow[] | null;
  promptIds: number[];
  completionIds: number[];
};

/**
 * Credit of the rows that an answer read: the log probability of the answer with every subset of them in the prompt, and
 * from these integers the shares (lib/kernel/retrieval-credit.ts). Null when the caller did not ask for rows, or none was
 * found: then the answer is the training's alone.
 *
 * Influence is measured beside it on the prompt as it was, rows included: how much each row moved the model to say this
 * after having read that. A row can have both: once as training, once as reading.
 *
 * Cost: 2^k + 1 forward passes for k rows, at most 17; no gradient.
 */
export async function attributeRetrieval(
  db: DatabaseOrTransaction,
  value: RetrievalValuer,
  { messages, retrieved, ...answer }: RetrievalAnswer,
): Promise<RetrievalBlock | null> {
  if (!retrieved || retrieved.length === 0) return null;
  const passages = await listPassages(db, retrieved, 'whole');
  const { method, microNats, baseMicroNats } = await value({
    ...answer,
    conversations: conversationsOf(messages, passages),
  });
  if (microNats.length !== 2 ** passages.length) throw new RangeError('attributeRetrieval: a value for each subset');
  const { sharePpm, rowPpm } = creditRetrieval({ microNats, baseMicroNats });
  const rows = retrieved.map((row, i) => ({ ...row, sharePpm: rowPpm[i]! }));
  return { method, template: promptTemplate, rows, microNats: [...microNats], baseMicroNats, sharePpm };
}

import type { AnswerFile } from '#lib/kernel/verification/receipt-evidence.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { listPassages } from '#lib/retrieval/queries.ts';
import { getOwnAnswer } from './get-own-answer.ts';

/**
 * What a receipt's salted hashes are of, and the tokens that its gradient was taken over: for who asked, nobody else. The salt
 * lets its holder prove the words to a third person.
 *
 * `callerKey`: of a visitor with a free answer. Throws ReceiptNotFoundError.
 */
export async function getAnswerRecord(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { receiptId: string; callerKey: string },
): Promise<AnswerFile> {
  const row = await getOwnAnswer(deps, actor, input);
  return {
    salt: row.salt as `0x${string}`,
    messages: row.messages,
    output: row.output,
    promptIds: row.promptIds ?? [],
    completionIds: row.completionIds ?? [],
    passages: await listPassages(deps.db, row.retrieved ?? [], 'public'),
  };
}

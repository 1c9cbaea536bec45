import { csvCell } from '#lib/kernel/csv-cell.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { listUsedAnswers } from './list-used-answers.ts';

const pageSize = 1_000;
const columns = 'time,answer,receipt,model,key,prompt_tokens,completion_tokens,finish_reason,fee_wei';

/**
 * An account's answers as CSV in UTF-8 with a header, newest first, in pieces as they are read: a year of answers is never in
 * memory. The name of a key is somebody's text, so what a spreadsheet would run as a formula is made harmless.
 */
export async function* usageCsv(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { from }: { from: Date },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${columns}\r\n`);
  for (let before: string | undefined; ; ) {
    const page = await listUsedAnswers(deps, actor, { from, before, limit: pageSize });
    const lines = page.map((answer) =>
      [
        ...[answer.at.toISOString(), answer.id, derivedId('receipt', answer.id), answer.model, answer.key],
        ...[answer.promptTokens, answer.completionTokens, answer.finishReason, answer.feeWei],
      ]
        .map(csvCell)
        .join(','),
    );
    if (lines.length > 0) yield encoder.encode(`${lines.join('\r\n')}\r\n`);
    if (page.length < pageSize) return;
    before = page.at(-1)!.id;
  }
}

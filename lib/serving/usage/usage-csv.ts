import { csvCell } from '#lib/kernel/csv-cell.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { listUsedAnswers } from './list-used-answers.ts';
import { listUsedCharges } from './list-used-charges.ts';

const pageSize = 1_000;
const columns = 'time,kind,id,receipt,model,key,prompt_tokens,completion_tokens,finish_reason,fee_wei';

/**
 * An account's charges as CSV in UTF-8 with a header: trainings, tasks and passes, then answers, each newest first, in pieces as they are
 * read: a year of answers is never in memory. Names are somebody's text, so what a spreadsheet would run as a formula is made harmless.
 */
export async function* usageCsv(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { from }: { from: Date },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${columns}\r\n`);
  for (let skip = 0; ; skip += pageSize) {
    const page = await listUsedCharges(deps, actor, { from, limit: pageSize, skip });
    const lines = page.map(({ at, kind, id, receiptId, name, key, outcome, feeWei }) =>
      toLine([at.toISOString(), kind, id, receiptId, name, key, null, null, outcome, feeWei]),
    );
    if (lines.length > 0) yield encoder.encode(lines.join(''));
    if (page.length < pageSize) break;
  }
  for (let before: string | undefined; ; ) {
    const page = await listUsedAnswers(deps, actor, { from, before, limit: pageSize });
    const lines = page.map((answer) =>
      toLine([
        ...[answer.at.toISOString(), 'answer', answer.id, derivedId('receipt', answer.id), answer.model, answer.key],
        ...[answer.promptTokens, answer.completionTokens, answer.finishReason, answer.feeWei],
      ]),
    );
    if (lines.length > 0) yield encoder.encode(lines.join(''));
    if (page.length < pageSize) return;
    before = page.at(-1)!.id;
  }
}

const toLine = (cells: readonly Parameters<typeof csvCell>[0][]) =>
  `${cells.map((cell) => csvCell(cell)).join(',')}\r\n`;

import { Amount } from '#components/ui/amount.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { AnswerShares } from '#lib/kernel/read-shares.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import { percent } from './percent.ts';

export type ReceiptWordsProps = {
  body: ReceiptBody;
  answer: AnswerShares;
  modelName: string;
  createdAt: Date;
  /** The data's part of the fee, wei. */
  dataWei: bigint;
};

/** What the receipt says, for somebody who has never seen one. */
export function ReceiptWords({ body, answer, modelName, createdAt, dataWei }: ReceiptWordsProps) {
  const feeWei = BigInt(body.feeWei);
  const { prompt, completion } = body.tokens;
  return (
    <div className="prose-measure flex flex-col gap-3">
      <p>
        <TimeAgo at={createdAt} mode="date" /> somebody asked the model {modelName} a question of {prompt} tokens. It
        answered with {completion}. The words of both are private: this page holds only fingerprints of them, by which
        whoever asked can prove what was said.
      </p>
      <p>
        {feeWei === 0n ? (
          'The answer was free, so nobody is paid. What follows is how it would have been divided.'
        ) : (
          <>
            <Amount wei={feeWei} digits={6} /> was charged. After the protocol’s part, {percent(body.split.data * 100)}{' '}
            of it, <Amount wei={dataWei} digits={6} />, belongs to the people whose rows the model was trained on.
          </>
        )}
      </p>
      <p>{sourcesText(answer, body)}</p>
    </div>
  );
}

function sourcesText({ by, rows, shares, commonPpm }: AnswerShares, body: ReceiptBody): string {
  const indexRows = body.version === 1 ? 'All rows' : `${body.attribution.indexRows} rows`;
  const looked = `${indexRows} were compared with the answer.`;
  if (by === 'influence') {
    const who = shares.length === 1 ? 'One account is' : `${shares.length} accounts are`;
    const rest =
      commonPpm > 0 ? ` ${percent(1_000_000 - commonPpm)} is paid by name, the rest by the same proportion.` : '';
    return `${looked} ${rows.length === 1 ? 'One stands' : `${rows.length} stand`} out of the noise. ${who} paid for them.${rest}`;
  }
  if (by === 'flat')
    return `${looked} ${rows.length === 0 ? 'None stands' : rows.length === 1 ? 'One stands' : `${rows.length} stand`} out of the noise. But estimates of this model have not passed their audit, so they pay nobody: every original row counts the same.`;
  return `${looked} None stands out of the noise: there is no confident source, and every original row counts the same.`;
}

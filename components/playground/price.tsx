import { Amount } from '#components/ui/amount.tsx';
import type { Quote } from './use-quote.ts';

/** What an answer would cost at most, before it is asked for. `of` names the model where two are asked. */
export function Price(props: { quote: Quote; pays: boolean; freePerDay: number; of?: string | undefined }) {
  const { quote, pays, freePerDay, of } = props;
  return (
    <output className="text-sm text-muted" aria-live="polite" aria-label="Price">
      {of && `${of}: `}
      {quote.state === 'none' &&
        (pays ? 'The price stands here before you ask.' : `Free: ${freePerDay} answers a day without a deposit.`)}
      {quote.state === 'counting' && 'Counting tokens…'}
      {quote.state === 'refused' && <span className="text-bad">{quote.message}</span>}
      {quote.state === 'ready' && quote.rowsRead !== null && `${rowsReadText(quote.rowsRead)} `}
      {quote.state === 'ready' && !pays && (
        <>
          Free for you today; with a deposit it would cost at most <Amount wei={quote.ceilingWei} digits={6} />.
        </>
      )}
      {quote.state === 'ready' && pays && (
        <>
          At most <Amount wei={quote.ceilingWei} digits={6} className="text-ink" /> for {quote.promptTokens} tokens in
          and up to {quote.maxTokens} out.
        </>
      )}
    </output>
  );
}

function rowsReadText(rows: number): string {
  if (rows === 0) return 'No row has the words of your question, or none fits.';
  return rows === 1 ? 'Reads 1 row.' : `Reads ${rows} rows.`;
}

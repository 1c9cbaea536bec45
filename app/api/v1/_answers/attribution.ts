import { findAttribution } from '#lib/attribution/find-attribution.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { StartEvent } from '#lib/serving/open-answers.ts';
import type { ChatCompletionInput } from '#lib/serving/schema.ts';

export type AttributionLevel = ChatCompletionInput['attribution'];

/** Attribution takes a second or so; the answer itself is there and read meanwhile (streams), so it is worth a wait. */
const waitMs = 15_000;
const lookMs = 150;

/**
 * Who earns from the answers: waits until they are attributed, at most a quarter of a minute, and says where to look when it
 * takes longer. `shares` has accounts with their parts of a million; `full` the signed receipt besides.
 */
export async function attributionOf(
  deps: Pick<Deps, 'db' | 'env'>,
  input: { level: AttributionLevel; starts: readonly StartEvent[]; signal: AbortSignal },
): Promise<object> {
  const each = await Promise.all(input.starts.map((start) => waitForOne(deps, start, input)));
  return each.length === 1 ? each[0]! : { answers: each.map((one, index) => ({ index, ...one })) };
}

async function waitForOne(
  deps: Pick<Deps, 'db' | 'env'>,
  { inferenceId, receiptId }: StartEvent,
  { level, signal }: { level: AttributionLevel; signal: AbortSignal },
): Promise<object> {
  const receiptUrl = `${deps.env.APP_URL.replace(/\/$/, '')}/api/v1/receipts/${receiptId}`;
  for (let waited = 0; ; waited += lookMs) {
    const found = await findAttribution(deps.db, inferenceId);
    if (found.state === 'issued') {
      const { body, hash, signature } = found;
      if (body.version === 1) return { status: 'issued', receipt: receiptUrl, receipt_hash: hash };
      const { shares, commonPpm, explainedPpm } = body.attribution;
      const summary = { status: 'issued', receipt: receiptUrl, receipt_hash: hash, explained_ppm: explainedPpm };
      const parts = { shares: shares.map(toShare), common_ppm: commonPpm };
      return level === 'full' ? { ...summary, ...parts, body, signature } : { ...summary, ...parts };
    }
    if (found.state === 'none') return { status: 'not-attributed', receipt: receiptUrl };
    if (waited >= waitMs || signal.aborted) return { status: 'attributing', receipt: receiptUrl };
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

const toShare = ({ account, sharePpm }: { account: string; sharePpm: number }) => ({
  account,
  share_ppm: sharePpm,
});

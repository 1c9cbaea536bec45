import { outputHash, requestHash } from '../receipt.ts';
import { bareHex, compare, differs, type EvidenceStep, ok, skipped } from './evidence-step.ts';

/** The conversation that the payer has is the one that the receipt's salted hash is of, and as long as was charged. */
export const requestStep: EvidenceStep = {
  id: 'request',
  name: 'Conversation',
  async check(context) {
    const answer = await context.evidence.answer();
    if (!answer) return skipped("needs the payer's own record of the answer: --answer");
    context.answer = answer;
    const hashed = compare(
      'hash of the conversation',
      context.body.requestHash,
      requestHash(answer.salt, answer.messages),
    );
    if (hashed.state !== 'ok') return hashed;
    return compareCount('tokens of the prompt', context.body.tokens.prompt, answer.promptIds.length, hashed.detail);
  },
};

/** The same of the answer itself. */
export const outputStep: EvidenceStep = {
  id: 'output',
  name: 'Answer',
  check({ answer, body }) {
    if (!answer) return skipped("needs the payer's own record of the answer: --answer");
    const hashed = compare('hash of the answer', body.outputHash, outputHash(answer.salt, answer.output));
    if (hashed.state !== 'ok') return hashed;
    return compareCount('tokens of the answer', body.tokens.completion, answer.completionIds.length, hashed.detail);
  },
};

function compareCount(what: string, said: number, found: number, detail: string) {
  return said === found ? ok(detail) : differs(`${what}: the receipt says ${said}, the record has ${found}`);
}

/** The adapter at hand is that of the receipt. */
export const adapterStep: EvidenceStep = {
  id: 'adapter',
  name: 'Adapter',
  async check({ evidence, body }) {
    const recomputation = await evidence.recompute();
    if (!recomputation) return skipped('needs the adapter and the base model: --adapter, --models');
    return compare('SHA-256 of the adapter', bareHex(body.model.adapterSha256), await recomputation.adapterSha256());
  },
};

/**
 * The tokens that the gradient is taken over are the words that were said: a gateway could otherwise attribute other words than
 * it gave. The answer's tokens read as its text (a stop text and what follows was cut off it), and the prompt's contain every
 * message. White space is left out of the comparison, because chat templates trim.
 */
export const tokensStep: EvidenceStep = {
  id: 'tokens',
  name: 'Tokens of the words',
  async check({ evidence, answer }) {
    const recomputation = await evidence.recompute();
    if (!recomputation || !answer) return skipped('needs the base model and the answer');
    const said = dense(await recomputation.decode(answer.completionIds));
    if (!said.startsWith(dense(answer.output))) return differs("the answer's tokens read otherwise than its text");
    const asked = dense(await recomputation.decode(answer.promptIds));
    const missing = answer.messages.findIndex(({ content }) => !asked.includes(dense(content)));
    if (missing >= 0) return differs(`message ${missing + 1} is not in the tokens of the prompt`);
    return ok(`${answer.promptIds.length} and ${answer.completionIds.length} tokens`);
  },
};

const dense = (text: string) => text.normalize('NFKC').replace(/\s+/g, '');

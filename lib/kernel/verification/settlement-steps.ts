import { documentHash } from '../document-hash.ts';
import { epochTop } from '../epoch-root.ts';
import { verifyProof } from '../merkle.ts';
import { receiptLeaf } from '../merkle-leaf.ts';
import { compare, differs, ok, type SettledStep, skipped } from './evidence-step.ts';

/** The receipt is a leaf under its period's receipts root. */
export const proofStep: SettledStep = {
  id: 'proof',
  name: "Proof into the period's receipts root",
  async check(context) {
    const settlement = await context.evidence.settlement();
    if (!settlement) return skipped('the receipt is in no reward period yet');
    const { receiptsRoot, proof, period } = settlement;
    const leaf = receiptLeaf(documentHash(context.body), BigInt(context.body.feeWei));
    if (!verifyProof({ root: receiptsRoot, leaf, proof })) {
      return differs(`this receipt is not under the root ${receiptsRoot} of period ${period}`);
    }
    context.settlement = settlement;
    return ok(`period ${period}, ${receiptsRoot}`);
  },
};

/** That root is the one that the chain has, put there by who signed the receipt. */
export const chainStep: SettledStep = {
  id: 'chain',
  name: 'Root on chain',
  async check(context) {
    const { settlement, evidence } = context;
    if (!settlement) return skipped('needs the proof');
    const epoch = await evidence.epoch(settlement);
    if (epoch === null) return skipped('no chain was asked: give --rpc');
    if (epoch === 'none') return differs(`no epoch on chain has the root ${settlement.earningsRoot}`);
    const root = compare('receipts root', settlement.receiptsRoot, epoch.receiptsRoot);
    if (root.state !== 'ok') return root;
    const top = compare('stored word', epochTop(settlement.earningsRoot, settlement.receiptsRoot), epoch.top);
    if (top.state !== 'ok') return top;
    const publisher = compare('publisher of the epoch', context.body.gateway, epoch.publisher);
    if (publisher.state !== 'ok') return publisher;
    context.epoch = epoch;
    return ok(`epoch ${epoch.id}, ${epoch.state}`);
  },
};

/** The period's amounts, common pools included, follow from its public file, which has this receipt with these shares. */
export const periodStep: SettledStep = {
  id: 'period',
  name: 'Reward period and common pool',
  async check({ epoch, evidence, body }) {
    if (!epoch) return skipped('needs the root on chain');
    const period = await evidence.period(epoch, body);
    if (!period) return skipped("the period's data file is not at hand");
    return period.differs === null ? ok(period.detail) : differs(`${period.differs}: ${period.detail}`);
  },
};

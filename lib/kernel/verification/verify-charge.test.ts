import { privateKeyToAccount } from 'viem/accounts';
import { expect, it } from 'vitest';
import { documentHash } from '../document-hash.ts';
import { buildTree } from '../merkle.ts';
import { packReceiptLeaves } from '../merkle-leaf.ts';
import { type TrainingReceipt, trainingReceiptSchema } from '../training-receipt.ts';
import { firstDifference } from './step-outcome.ts';
import { type ChargeEvidence, verifyCharge } from './verify-charge.ts';

const gateway = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const lower = (address: string) => address.toLowerCase() as `0x${string}`;

const body: TrainingReceipt = trainingReceiptSchema.parse({
  ...{ kind: 'training', version: 1, id: 'rct_1', billId: 'tb_1', runId: 'run_1', outcome: 'succeeded' },
  ...{ issuedAt: '2026-11-22T10:00:00.000Z', gateway: lower(gateway.address), payer: `0x${'a'.repeat(40)}` },
  ...{ channelId: `0x${'c'.repeat(64)}`, baseModel: 'one' },
  datanet: { id: 'dn_1', versionId: 'dv_1', number: 1, root: `0x${'d'.repeat(64)}` },
  ...{ tokens: { trained: 1_500, free: 500 }, price: { weiPerThousandTokens: '7' }, feeWei: '7' },
  split: { data: 3_000, model: 0, app: 0, infra: 7_000, validators: 0 },
});

/** A receipt in a period with a second one, as its gateway or somebody else signed it. */
async function verify(receipt: object, { by = gateway, change = {} as Partial<ChargeEvidence> } = {}) {
  const hash = documentHash(receipt);
  const leaves = [
    { hash, feeWei: BigInt((receipt as { feeWei: string }).feeWei) },
    { hash, feeWei: 1n },
  ];
  const tree = buildTree(packReceiptLeaves(leaves));
  const settlement = { period: 1, earningsRoot: hash, receiptsRoot: tree.root, proof: tree.proofFor(0) };
  const steps = [];
  for await (const step of verifyCharge({
    ...{ receipt, hash, signature: await by.signMessage({ message: { raw: hash } }), gateway: lower(gateway.address) },
    ...{ settlement: async () => settlement, epoch: async () => null, period: async () => null },
    ...change,
  }))
    steps.push(step);
  return steps;
}

it('recomputes a training’s receipt as far as it goes, and says what it cannot', async () => {
  expect((await verify(body)).map(({ id, state }) => `${id} ${state}`)).toEqual([
    ...['schema ok', 'hash ok', 'signature ok', 'signer ok', 'fee ok', 'split ok', 'trained skipped'],
    ...['proof ok', 'chain skipped', 'period skipped'],
  ]);
});

it('recomputes a pass’s receipt as far as it goes, and never a shorter one than was paid', async () => {
  const { kind: _, id: __, billId, runId, outcome, baseModel, tokens, price, ...common } = body;
  const pass = {
    ...{ ...common, kind: 'pass', id: 'rps_1', passId: 'mp_1', model: { id: 'mdl_1', name: 'one', owner: body.payer } },
    terms: { days: 30, until: '2026-12-22T10:00:00.000Z' },
  };
  expect((await verify(pass)).map(({ id, state }) => `${id} ${state}`)).toEqual([
    ...['schema ok', 'hash ok', 'signature ok', 'signer ok', 'terms ok', 'split ok', 'price skipped'],
    ...['proof ok', 'chain skipped', 'period skipped'],
  ]);
  const short = { ...pass, terms: { ...pass.terms, until: '2026-12-22T09:59:59.000Z' } };
  expect(firstDifference(await verify(short))?.id).toBe('terms');
});

it('names the step of every forgery', async () => {
  const thief = privateKeyToAccount(`0x${'22'.repeat(32)}`);
  const stranger = { ...body, gateway: lower(thief.address) };
  const forged: [string, Promise<Awaited<ReturnType<typeof verify>>>][] = [
    ['schema', verify({ ...body, extra: 1 })],
    ['hash', verify(body, { change: { hash: `0x${'0'.repeat(64)}` } })],
    ['signature', verify(body, { by: thief })],
    ['signer', verify(stranger, { by: thief })],
    ['fee', verify({ ...body, feeWei: '8' })],
    ['fee', verify({ ...body, tokens: { trained: 1_500, free: 1_501 } })],
    ['split', verify({ ...body, split: { ...body.split, infra: 7_001 } })],
    ['proof', verify(body, { change: { settlement: async () => ({ ...(await settled()), proof: [] }) } })],
  ];
  for (const [step, steps] of forged) expect(firstDifference(await steps)?.id).toBe(step);
});

const settled = async () => ({ period: 1, earningsRoot: zero, receiptsRoot: zero, proof: [zero] });
const zero = `0x${'0'.repeat(64)}` as const;

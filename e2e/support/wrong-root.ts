import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { encodeAbiParameters, type Hex, keccak256, parseEther, parseEventLogs, toHex } from 'viem';
import { attributionLedgerAbi } from '../../contracts-abi/attribution-ledger.ts';
import { disputeCourtAbi } from '../../contracts-abi/dispute-court.ts';
import { validatorSetAbi } from '../../contracts-abi/validator-set.ts';
import { buildTree } from '../../lib/kernel/merkle.ts';
import { packEarningsLeaves } from '../../lib/kernel/merkle-leaf.ts';
import { devnetAccount } from '../../scripts/contracts/devnet-config.ts';
import { type Call, chainReader, contractAddress, equip, openCall, sendAs, untilChainTime } from './chain.ts';
import { readRuntime } from './place.ts';

const ledger = () => ({ address: contractAddress('attributionLedger'), abi: attributionLedgerAbi }) as const;
const court = () => ({ address: contractAddress('disputeCourt'), abi: disputeCourtAbi }) as const;
const publisherBond = parseEther('10000');
const challengeBond = parseEther('1000');

/** A bonded publisher posts a root that gives itself everything that was ever funded. Answers the epoch. */
export async function publishTheft(publisher: number): Promise<number> {
  const address = await equip(publisher, '10000');
  await sendAs(publisher, openCall('approve', ledger().address, publisherBond));
  await sendAs(publisher, { ...ledger(), functionName: 'postBond', args: [publisherBond] });
  const [funded] = await chainReader().readContract({ ...ledger(), functionName: 'totals' });
  const { root } = buildTree(packEarningsLeaves([{ account: address, cumulativeWei: funded }]));
  const receiptsRoot = keccak256(toHex('no receipt says so'));
  // The operator's root may come in between: then the theft is built upon that one.
  for (let tries = 0; ; tries++) {
    const prev = await chainReader().readContract({ ...ledger(), functionName: 'headEpoch' });
    const args = [prev, root, receiptsRoot, funded, `sha256/${'0'.repeat(64)}`];
    const sent = await sendAs(publisher, { ...ledger(), functionName: 'submit', args }).catch((error: Error) => error);
    if (!(sent instanceof Error)) {
      return parseEventLogs({ abi: attributionLedgerAbi, eventName: 'EpochSubmitted', logs: sent.logs })[0]!.args.id;
    }
    if (tries === 5) throw sent;
    await untilChainTime((await chainReader().getBlock()).timestamp + 2n);
  }
}

/** What `npm run verify-epoch -- <id>` says about an epoch, and how it ends. */
export async function verifyEpoch(id: number): Promise<{ code: number; said: string }> {
  const runtime = readRuntime();
  const env = { ...process.env, ...runtime, CHAIN_ID: String(runtime.CHAIN_ID) };
  return promisify(execFile)(process.execPath, ['scripts/verify-epoch.ts', String(id)], { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }) => ({ code, said: `${stdout}${stderr}` }),
  );
}

/** OPEN for both bonds of a challenge, and the ledger's permission to take its own. */
export async function prepareChallenge(challenger: number): Promise<void> {
  await equip(challenger, '2000');
  await sendAs(challenger, openCall('approve', ledger().address, challengeBond));
}

/** What the ledger says about an epoch now. */
export async function epochState(id: number): Promise<'none' | 'pending' | 'frozen' | 'active' | 'revoked'> {
  const state = await chainReader().readContract({ ...ledger(), functionName: 'stateOf', args: [id] });
  return (['none', 'pending', 'frozen', 'active', 'revoked'] as const)[state]!;
}

/** The challenger brings its case before a jury of `validators`, who uphold it by commit and reveal. Answers the slash. */
export async function condemn(challenger: number, id: number, validators: readonly number[]) {
  const secret = keccak256(toHex(`the challenger's secret for ${id}`));
  const opened = await openCase(challenger, id, keccak256(secret));
  await expectBlockAfter(opened.args.targetBlock);
  const caseId = opened.args.id;
  const drawn = await sendAs(challenger, { ...court(), functionName: 'draw', args: [caseId, secret] });
  const { args } = parseEventLogs({ abi: disputeCourtAbi, eventName: 'JuryDrawn', logs: drawn.logs })[0]!;
  const jurors = validators.filter((index) => args.jurors.includes(devnetAccount(index).address));
  const phase = BigInt(await chainReader().readContract({ ...court(), functionName: 'PHASE' }));
  const salt = keccak256(toHex('salt'));
  for (const index of jurors) {
    const inputs = [{ type: 'uint256' }, { type: 'uint8' }, { type: 'address' }, { type: 'bool' }, { type: 'bytes32' }];
    const vote = encodeAbiParameters(inputs, [caseId, 1, devnetAccount(index).address, true, salt]);
    await sendAs(index, { ...court(), functionName: 'vote', args: [caseId, keccak256(vote)] });
  }
  await untilChainTime(BigInt(args.drawnAt) + phase);
  for (const index of jurors) await sendAs(index, { ...court(), functionName: 'reveal', args: [caseId, true, salt] });
  await untilChainTime(BigInt(args.drawnAt) + 3n * phase);
  await sendAs(challenger, { ...court(), functionName: 'close', args: [caseId] });
  const { logs } = await sendAs(challenger, { ...court(), functionName: 'execute', args: [caseId] });
  return parseEventLogs({ abi: attributionLedgerAbi, eventName: 'BondSlashed', logs })[0]!.args;
}

/** Juries are drawn within a term, by weights that were fixed before it: waits for one with weights and some time left. */
async function openCase(challenger: number, id: number, commitment: Hex) {
  await sendAs(challenger, openCall('approve', court().address, challengeBond));
  const set = { address: contractAddress('validatorSet'), abi: validatorSetAbi } as const;
  for (;;) {
    const [[, endsAt], weight, { timestamp }] = await Promise.all([
      chainReader().readContract({ ...set, functionName: 'term' }),
      chainReader().readContract({ ...set, functionName: 'totalWeight' }),
      chainReader().getBlock(),
    ]);
    if (weight > 0n && endsAt - timestamp >= 18n) break;
    await untilChainTime(timestamp + 1n);
  }
  const call: Call = { ...court(), functionName: 'openEpoch', args: [id, commitment, ''] };
  const { logs } = await sendAs(challenger, call);
  return parseEventLogs({ abi: disputeCourtAbi, eventName: 'CaseOpened', logs })[0]!;
}

async function expectBlockAfter(block: bigint): Promise<void> {
  while ((await chainReader().getBlockNumber({ cacheTime: 0 })) <= block) {
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

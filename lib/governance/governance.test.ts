import { encodeFunctionData, parseEther, stringToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { governanceOpenAbi } from '#contracts-abi/governance-open.ts';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { ProposalNotFoundError } from './errors.ts';
import { getBallot, getVoter } from './get-voter.ts';
import { listParameters } from './list-parameters.ts';
import { getProposal, listProposals } from './list-proposals.ts';

const holder = devnetAccount(0);
const stranger = devnetAccount(5).address;
let world: TestSettlementWorld;
let id: string;
const fee = async () => (await listParameters(world.deps)).find(({ name }) => name === 'protocolFeeBps')!;
const governor = (name: string, args: readonly unknown[]) =>
  world.send(holder, world.addresses.openGovernor!, openGovernorAbi, name, args);

beforeAll(async () => {
  world = await openSettlementWorld();
  const { openToken, governanceOpen } = world.addresses;
  await world.send(holder, openToken, openTokenAbi, 'approve', [governanceOpen, parseEther('6000')]);
  const wrap = [parseEther('6000'), holder.address];
  await world.send(holder, governanceOpen!, governanceOpenAbi, 'wrapAndDelegate', wrap);
  await world.chain.passTime(2);
  const { params } = world.addresses;
  const data = encodeFunctionData({
    abi: paramsAbi,
    functionName: 'set',
    args: [stringToHex('protocolFeeBps', { size: 32 }), 400n, 0n],
  });
  await governor('propose', [[params], [0n], [data], '# Lower the fee\n\nAnswers get cheaper.']);
  await world.index();
  id = (await listProposals(world.deps))[0]!.id;
}, 120_000);
afterAll(() => world?.close());

describe('the governance pages’ reads', () => {
  it('show a voter’s means, and that OPEN alone does not vote', async () => {
    const voter = await getVoter(world.deps, holder.address);
    expect(voter).toMatchObject({
      wrappedWei: parseEther('6000'),
      votesWei: parseEther('6000'),
      delegate: holder.address,
    });
    expect(voter.thresholdWei).toBe(parseEther('1000'));
    expect(await getVoter(world.deps, stranger)).toMatchObject({ votesWei: 0n, delegate: null });
  });

  it('show a proposal before its snapshot: words, calls, the quorum as it is now', async () => {
    const proposal = await getProposal(world.deps, id);
    expect(proposal).toMatchObject({
      state: 'pending',
      title: 'Lower the fee',
      body: 'Answers get cheaper.',
      quorumWei: parseEther('5000'),
      etaAt: null,
      votes: { forWei: 0n, againstWei: 0n, abstainWei: 0n },
    });
    expect(proposal.calls).toMatchObject([{ to: world.addresses.params!.toLowerCase(), valueWei: 0n }]);
    expect(proposal.calls[0]!.data).toMatch(/^0x[0-9a-f]{200}$/);
    expect(await getBallot(world.deps, holder.address, proposal)).toMatchObject({ isFixed: false, hasVoted: false });
  });

  it('follow vote, queue and execution, and the parameter that it changes from the next epoch on', async () => {
    expect(await fee()).toMatchObject({ current: 500n, next: null, min: 0n, max: 1_000n, unit: 'bps' });
    await world.chain.passTime(6);
    const active = await getProposal(world.deps, id);
    expect(active.state).toBe('active');
    expect(await getBallot(world.deps, stranger, active)).toMatchObject({ isFixed: true, weightWei: 0n });
    await governor('castVoteWithReason', [BigInt(id), 1, 'yes']);
    const ballot = await getBallot(world.deps, holder.address, active);
    expect(ballot).toMatchObject({ hasVoted: true, weightWei: parseEther('6000') });
    await world.chain.passTime(80);
    expect(await getProposal(world.deps, id)).toMatchObject({
      state: 'succeeded',
      votes: { forWei: parseEther('6000') },
    });
    await governor('queue', [BigInt(id)]);
    const queued = await getProposal(world.deps, id);
    expect(queued.state).toBe('queued');
    expect(queued.etaAt).toBeInstanceOf(Date);
    // To the beginning of an epoch, so that the change is seen as announced before it holds.
    const { timestamp } = await world.deps.chain.getBlock();
    await world.chain.passTime(60 - (Number(timestamp) % 60) + 60);
    await governor('execute', [BigInt(id)]);
    expect((await getProposal(world.deps, id)).state).toBe('executed');
    expect(await fee()).toMatchObject({ current: 500n, next: { value: 400n } });
    await world.chain.passTime(61);
    expect(await fee()).toMatchObject({ current: 400n, next: null });
  });

  it('refuses a number that is no proposal', async () => {
    await expect(getProposal(world.deps, '12')).rejects.toThrow(ProposalNotFoundError);
  });
});

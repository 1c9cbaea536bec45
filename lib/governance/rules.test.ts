import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nextStep, parameterNames, parseParameter, proposalText, readProposalText, tally, unitOf } from './rules.ts';

describe('parameterNames', () => {
  it('names every key that the contract knows, and no other', () => {
    const source = readFileSync('contracts/src/lib/ParamKeys.sol', 'utf8');
    const keys = [...source.matchAll(/bytes32 internal constant \w+ = "(\w+)"/g)].map((match) => match[1]!);
    expect(keys.length).toBeGreaterThan(5);
    expect([...parameterNames].sort()).toEqual(keys.sort());
  });
  it('ends each name with its unit', () => {
    expect(['protocolFeeBps', 'challengeBondWei', 'unbondingSeconds'].map(unitOf)).toEqual(['bps', 'wei', 'seconds']);
  });
});

describe('nextStep', () => {
  const eta = new Date(10_000);
  it.each([
    ['pending', null, 0, 'wait'],
    ['active', null, 0, 'vote'],
    ['succeeded', null, 0, 'queue'],
    ['queued', eta, 9_999, 'wait'],
    ['queued', eta, 10_000, 'execute'],
    ['defeated', null, 0, 'none'],
    ['executed', eta, 20_000, 'none'],
    ['canceled', eta, 20_000, 'none'],
  ] as const)('of %s with eta %s at %i is %s', (state, etaAt, nowMs, step) => {
    expect(nextStep(state, etaAt, nowMs)).toBe(step);
  });
});

describe('tally', () => {
  it('counts abstentions for the quorum and not for the decision', () => {
    const votes = { forWei: 3n, againstWei: 2n, abstainWei: 4n };
    expect(tally({ votes, quorumWei: 7n })).toEqual({ countedWei: 7n, missingWei: 0n, wouldPass: true });
    expect(tally({ votes, quorumWei: 8n })).toEqual({ countedWei: 7n, missingWei: 1n, wouldPass: false });
    expect(tally({ votes: { ...votes, againstWei: 3n }, quorumWei: 7n }).wouldPass).toBe(false);
  });
});

describe('parseParameter', () => {
  const bps = { unit: 'bps', min: 0n, max: 1_000n } as const;
  it.each([
    ['2.5', bps, 250n],
    ['0.01', bps, 1n],
    ['10', bps, 1_000n],
    ['1000.5', { unit: 'wei', min: 0n, max: 10n ** 22n } as const, 1_000_500_000_000_000_000_000n],
    ['300', { unit: 'seconds', min: 180n, max: 1_800n } as const, 300n],
  ])('reads %s', (text, parameter, value) => {
    expect(parseParameter(text, parameter)).toEqual({ ok: true, value });
  });
  it.each([['10.01'], ['1.234'], ['-1'], ['1e3'], ['0x10'], ['']])('refuses %s for a fee up to 10 per cent', (text) => {
    expect(parseParameter(text, bps)).toMatchObject({ ok: false, error: expect.stringMatching(/[.]$/) });
  });
});

describe('proposalText', () => {
  const proposer = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
  it('ends with the mark that the contract reads: 52 characters', () => {
    expect(proposalText('Lower the fee', ' Because. ', proposer).slice(-52)).toBe(`#proposer=${proposer}`);
  });
  it('is read back without it', () => {
    const text = proposalText('Lower the fee', 'Because.\n\nTruly.', proposer);
    expect(readProposalText(text)).toEqual({ title: 'Lower the fee', body: 'Because.\n\nTruly.' });
    expect(readProposalText('')).toEqual({ title: 'Untitled proposal', body: '' });
  });
});

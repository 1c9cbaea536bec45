import { describe, expect, it } from 'vitest';
import { foldEpochs } from './epochs.ts';

const event = (name: string, args: Record<string, string | number>, blockNumber = 1) => ({
  ...{ name, args, txHash: '0x1', blockNumber, logIndex: 0 },
});
const submitted = (id: number, activeAt: number) =>
  event('EpochSubmitted', { id, earningsRoot: `0x${id}`, receiptsRoot: '0x0', total: '5', activeAt });
const at = (seconds: number) => new Date(seconds * 1000);
const statesOf = (events: ReturnType<typeof event>[], seconds: number) =>
  Object.fromEntries(foldEpochs(events, at(seconds)).map((epoch) => [epoch.id, epoch.state]));

describe('foldEpochs', () => {
  const three = [submitted(1, 100), submitted(2, 110), submitted(3, 120)];

  it('makes an epoch active by time alone', () => {
    expect(statesOf(three, 109)).toEqual({ 1: 'active', 2: 'pending', 3: 'pending' });
    expect(statesOf(three, 110)).toEqual({ 1: 'active', 2: 'active', 3: 'pending' });
  });

  it('freezes a challenged epoch and all later ones until the last dispute ends', () => {
    const challenged = [...three, event('EpochChallenged', { id: 3 }), event('EpochChallenged', { id: 2 })];
    expect(statesOf(challenged, 200)).toEqual({ 1: 'active', 2: 'frozen', 3: 'frozen' });
    const one = [...challenged, event('ChallengeRejected', { id: 2 }), event('EpochRenewed', { id: 2, activeAt: 300 })];
    expect(statesOf(one, 200)).toEqual({ 1: 'active', 2: 'pending', 3: 'frozen' });
  });

  it('freezes by a dispute about an epoch that is not asked for', () => {
    expect(statesOf([event('EpochChallenged', { id: 2 }), submitted(3, 120)], 200)).toEqual({ 3: 'frozen' });
  });

  it('keeps a revoked epoch revoked', () => {
    const revoked = [
      ...three,
      event('EpochChallenged', { id: 2 }),
      event('EpochRevoked', { id: 3 }),
      event('EpochRevoked', { id: 2 }),
    ];
    expect(statesOf([...revoked, submitted(4, 150)], 200)).toEqual({
      1: 'active',
      2: 'revoked',
      3: 'revoked',
      4: 'active',
    });
  });
});

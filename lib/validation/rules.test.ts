import { describe, expect, it } from 'vitest';
import { createRandom } from '#lib/engine/train/random.ts';
import { appealsLeft, commitmentOf, type Letter, phaseOf, reputationPpm, settleRound } from './rules.ts';

const now = new Date('2026-06-01T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe('settleRound', () => {
  const places = [{ gold: 'a' as const }, { gold: 'r' as const }, { gold: null }, { gold: null }, { gold: null }];
  it('counts only who tells gold rows apart, and decides by quorum', () => {
    const votes = [
      { validator: '0x1', verdicts: 'araar' },
      { validator: '0x2', verdicts: 'ararr' },
      { validator: '0x3', verdicts: 'aaaaa' }, // accepts everything, also the bad gold row
    ];
    const { outcomes, validators } = settleRound(places, votes, 2);
    expect(outcomes).toEqual([null, null, 'accepted', 'undecided', 'rejected']);
    expect(validators.map(({ counted, reviewed }) => [counted, reviewed.length])).toEqual([
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    expect(validators[2]!.skillPpm).toBeLessThanOrEqual(0);
  });

  it('divides accepted rows by skill, every one to exactly one reviewer', () => {
    const many = [...Array(10).keys()].map(() => ({ gold: null as Letter | null }));
    const all = [{ gold: 'a' as const }, { gold: 'r' as const }, ...many];
    const good = `ar${'a'.repeat(8)}rr`;
    const { outcomes, validators } = settleRound(
      all,
      [
        { validator: '0x1', verdicts: good },
        { validator: '0x2', verdicts: good },
        { validator: '0x3', verdicts: `ar${'a'.repeat(10)}` },
      ],
      2,
    );
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(8);
    expect(validators.flatMap(({ reviewed }) => reviewed).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(validators[2]!.reviewed.length).toBeLessThan(validators[0]!.reviewed.length);
  });

  it('lets no cartel of a third pass more than one bad row in twenty, and pays guessing and accepting all nothing', () => {
    let [badPassed, bad, lazy, honest] = [0, 0, 0, 0];
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(`round ${seed}`);
      const truths = Array.from({ length: 24 }, (): Letter => (random() < 0.3 ? 'r' : 'a'));
      const rows = [{ gold: 'a' as const }, { gold: 'r' as const }, ...truths.map(() => ({ gold: null }))];
      const read = () =>
        ['a', 'r', ...truths].map((truth) => (random() < 0.92 ? truth : truth === 'a' ? 'r' : 'a')).join('');
      const votes = [0, 1, 2].map((i) => ({ validator: `0x${i}`, verdicts: i < 2 ? read() : 'a'.repeat(26) }));
      const { outcomes, validators } = settleRound(rows, votes, 2);
      for (const [i, truth] of truths.entries()) {
        if (truth === 'r') bad++;
        if (truth === 'r' && outcomes[i + 2] === 'accepted') badPassed++;
      }
      honest += validators[0]!.reviewed.length;
      lazy += validators[2]!.reviewed.length;
    }
    expect(badPassed / bad).toBeLessThan(0.05);
    expect(lazy).toBe(0);
    expect(honest).toBeGreaterThan(0);
  });
});

describe('a round’s clock', () => {
  const clock = { commitUntil: daysAgo(-1), revealUntil: daysAgo(-2) };
  it('waits for nobody who is done, and for nobody for ever', () => {
    const [open, sealed, told] = [
      { commitment: null, verdicts: null },
      { commitment: '0x', verdicts: null },
      { commitment: '0x', verdicts: 'a' },
    ];
    expect(phaseOf(clock, [open, sealed], now)).toBe('commit');
    expect(phaseOf(clock, [sealed, sealed], now)).toBe('reveal');
    expect(phaseOf(clock, [told, sealed], now)).toBe('reveal');
    expect(phaseOf(clock, [told, told], now)).toBe('over');
    expect(phaseOf(clock, [open, sealed], clock.commitUntil)).toBe('reveal');
    expect(phaseOf(clock, [open, open], clock.commitUntil)).toBe('over');
    expect(phaseOf(clock, [open, sealed], clock.revealUntil)).toBe('over');
  });
});

describe('commitmentOf', () => {
  it('depends on all that it binds', () => {
    const [validator, salt] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(64)}`];
    const all = [
      commitmentOf('rnd_1', validator, 'ar', salt),
      commitmentOf('rnd_2', validator, 'ar', salt),
      commitmentOf('rnd_1', `0x${'3'.repeat(40)}`, 'ar', salt),
      commitmentOf('rnd_1', validator, 'aa', salt),
      commitmentOf('rnd_1', validator, 'ar', `0x${'4'.repeat(64)}`),
    ];
    expect(new Set(all).size).toBe(5);
  });
});

describe('reputationPpm', () => {
  it('begins at nothing, grows with places, and halves in its weight every 90 days', () => {
    const round = (judged: number, days: number, skillPpm = 1_000_000) => ({
      judged,
      skillPpm,
      settledAt: daysAgo(days),
    });
    expect(reputationPpm([], now)).toBe(0);
    expect(reputationPpm([round(20, 0)], now)).toBe(500_000);
    expect(reputationPpm([round(40, 90)], now)).toBe(500_000);
    expect(reputationPpm([round(20, 0), round(40, 0, 0)], now)).toBe(250_000);
    expect(reputationPpm([round(20, 0, -1_000_000)], now)).toBe(-500_000);
  });
  it('gives appeals by accepted rows', () => {
    expect([appealsLeft(0, 0), appealsLeft(0, 1), appealsLeft(25, 1), appealsLeft(25, 9)]).toEqual([1, 0, 2, 0]);
  });
});

import { encodeAbiParameters, keccak256, stringToBytes } from 'viem';
import { splitByLargestRemainder } from '#lib/kernel/money.ts';

/** `a` accepts, `r` rejects. */
export type Letter = 'a' | 'r';
export type Vote = { validator: string; verdicts: string };
/** A place of a round: a gold row's right verdict, or null for a row that is decided about. */
export type Place = { gold: Letter | null };
export type Outcome = 'accepted' | 'rejected' | 'undecided';
export type Settled = {
  /** One a place; null for gold rows. */
  outcomes: (Outcome | null)[];
  validators: { validator: string; skillPpm: number; judged: number; counted: boolean; reviewed: number[] }[];
};

/**
 * What a validator commits to: as ValidatorSet.commitmentOf on chain, with the hash of the round's id as the task and that of
 * the verdicts as the verdict, so that a round's evidence can be put before that contract. The salt keeps others from trying
 * out all verdicts.
 */
export function commitmentOf(roundId: string, validator: string, verdicts: string, salt: string): `0x${string}` {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'address' }, { type: 'bytes32' }, { type: 'bytes32' }],
      [
        keccak256(stringToBytes(roundId)),
        validator as `0x${string}`,
        keccak256(stringToBytes(verdicts)),
        salt as `0x${string}`,
      ],
    ),
  );
}

export type Phase = 'commit' | 'reveal' | 'over';
type Clock = { commitUntil: Date; revealUntil: Date };

/** Nobody waits for who is done: revealing begins when all have committed, and ends when all of those have revealed. */
export function phaseOf(
  { commitUntil, revealUntil }: Clock,
  votes: readonly { commitment: string | null; verdicts: string | null }[],
  now: Date,
): Phase {
  const committed = votes.filter(({ commitment }) => commitment !== null);
  if (now < commitUntil && committed.length < votes.length) return 'commit';
  return now < revealUntil && committed.some(({ verdicts }) => verdicts === null) ? 'reveal' : 'over';
}

/**
 * Decides a round. Votes count of those who tell good from bad on the gold rows better than chance; a row is decided by
 * `quorum` equal verdicts of them. Accepted rows name a reviewer each, who is paid when they earn: divided by skill, largest
 * remainder, so that accuracy is paid and never agreement by itself.
 */
export function settleRound(places: readonly Place[], votes: readonly Vote[], quorum: number): Settled {
  const counted = votes.filter(({ verdicts }) => goldSkill(places, verdicts) > 0);
  const outcomes = places.map(({ gold }, at): Outcome | null => {
    if (gold) return null;
    const accepts = counted.filter(({ verdicts }) => verdicts[at] === 'a').length;
    if (accepts >= quorum) return 'accepted';
    return counted.length - accepts >= quorum ? 'rejected' : 'undecided';
  });
  const skills = votes.map((vote) => skillOf(places, vote, counted));
  const accepted = outcomes.flatMap((outcome, at) => (outcome === 'accepted' ? [at] : []));
  const weights = votes.map((vote, i) => BigInt(counted.includes(vote) ? Math.max(0, skills[i]!.skillPpm) : 0));
  const parts = weights.some((weight) => weight > 0n)
    ? splitByLargestRemainder(BigInt(accepted.length), weights)
    : weights;
  let next = 0;
  return {
    outcomes,
    validators: votes.map((vote, i) => {
      const from = next;
      next += Number(parts[i]!);
      return {
        validator: vote.validator,
        ...skills[i]!,
        counted: counted.includes(vote),
        reviewed: accepted.slice(from, next),
      };
    }),
  };
}

/**
 * Skill in a round, Youden's J in ppm: the part of what should be accepted that was, plus the part of what should be rejected
 * that was, less one. Accepting everything, rejecting everything and guessing all give 0, whatever the mixture. What should be
 * is the gold row's verdict, and for other rows what most of the *other* counted validators said: nobody confirms themselves.
 */
function skillOf(places: readonly Place[], vote: Vote, counted: readonly Vote[]): { skillPpm: number; judged: number } {
  const truths = places.map(({ gold }, at): Letter | null => {
    if (gold) return gold;
    const others = counted.filter((other) => other !== vote);
    const lead = others.reduce((sum, { verdicts }) => sum + (verdicts[at] === 'a' ? 1 : -1), 0);
    if (lead === 0) return null;
    return lead > 0 ? 'a' : 'r';
  });
  return { skillPpm: youdenPpm(truths, vote.verdicts), judged: truths.filter(Boolean).length };
}

function goldSkill(places: readonly Place[], verdicts: string): number {
  return youdenPpm(
    places.map(({ gold }) => gold),
    verdicts,
  );
}

function youdenPpm(truths: readonly (Letter | null)[], verdicts: string): number {
  const rate = (letter: Letter): number => {
    const own = truths.flatMap((truth, at) => (truth === letter ? [verdicts[at] === letter] : []));
    return own.length === 0 ? 0.5 : own.filter(Boolean).length / own.length;
  };
  return Math.round(1e6 * (rate('a') + rate('r') - 1));
}

/** Days after which a round counts half. */
export const halfLifeDays = 90;
/** Places at skill 0 that everybody begins with: a single lucky round makes no reputation. */
export const priorPlaces = 20;

/**
 * Reputation in ppm: the mean skill over all rounds, each weighted by its places and by half for every 90 days since, with 20
 * places at 0 on top. Everything that goes in stands in `review_votes` and on the page.
 */
export function reputationPpm(
  rounds: readonly { skillPpm: number; judged: number; settledAt: Date }[],
  now: Date,
): number {
  let [sum, weight] = [0, priorPlaces];
  for (const { skillPpm, judged, settledAt } of rounds) {
    const days = (now.getTime() - settledAt.getTime()) / 86_400_000;
    const part = judged * 2 ** (-days / halfLifeDays);
    sum += part * skillPpm;
    weight += part;
  }
  return Math.round(sum / weight);
}

/** Appeals that a person may lose before they have to wait: one, and one more for every ten accepted rows. */
export function appealsLeft(acceptedRows: number, openOrLost: number): number {
  return Math.max(0, 1 + Math.floor(acceptedRows / 10) - openOrLost);
}

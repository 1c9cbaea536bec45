import { formatOpen, parseOpen } from '#lib/kernel/money.ts';
import type { ParameterUnit, ParameterView, ProposalState, ProposalView } from './types.ts';

/** Keys of Params (ParamKeys.sol), in the order in which pages show them. */
export const parameterNames = [
  'protocolFeeBps',
  'matchBps',
  'challengeBondWei',
  'unbondingSeconds',
  'slashEventBps',
  'slashMonthBps',
  'validatorStakeWei',
  'duplicateSlashBps',
  'rebuttalSeconds',
] as const;

/** A parameter's unit, which its name ends with. */
export function unitOf(name: string): ParameterUnit {
  if (name.endsWith('Bps')) return 'bps';
  return name.endsWith('Wei') ? 'wei' : 'seconds';
}

/** What can be done with a proposal at this moment, and by whom it is done: the page offers nothing else. */
export function nextStep(
  state: ProposalState,
  etaAt: Date | null,
  nowMs: number,
): 'vote' | 'queue' | 'execute' | 'wait' | 'none' {
  if (state === 'pending') return 'wait';
  if (state === 'active') return 'vote';
  if (state === 'succeeded') return 'queue';
  if (state === 'queued') return etaAt && etaAt.getTime() <= nowMs ? 'execute' : 'wait';
  return 'none';
}

/** How far the quorum is reached, and whether it would pass as it stands: more for than against, and the quorum. */
export function tally({ votes, quorumWei }: Pick<ProposalView, 'votes' | 'quorumWei'>) {
  const countedWei = votes.forWei + votes.abstainWei;
  const missingWei = quorumWei > countedWei ? quorumWei - countedWei : 0n;
  return { countedWei, missingWei, wouldPass: missingWei === 0n && votes.forWei > votes.againstWei };
}

/**
 * A typed value in the parameter's own unit: per cent for bps (two decimals), OPEN for wei, whole seconds. Refused with a
 * sentence when it is no number of that unit or outside the bounds.
 */
export function parseParameter(
  text: string,
  { unit, min, max }: Pick<ParameterView, 'unit' | 'min' | 'max'>,
): { ok: true; value: bigint } | { ok: false; error: string } {
  const pattern = { bps: /^\d{1,3}([.]\d{1,2})?$/, wei: /^\d{1,12}([.]\d{1,18})?$/, seconds: /^\d{1,10}$/ }[unit];
  const trimmed = text.trim();
  if (!pattern.test(trimmed)) {
    const like = {
      bps: 'per cent with at most two decimals, like 2.5',
      wei: 'OPEN, like 1000',
      seconds: 'whole seconds',
    };
    return { ok: false, error: `Type ${like[unit]}.` };
  }
  // A percentage has two decimals as bps have none: OPEN's exact parser does it without a float.
  const value = unit === 'seconds' ? BigInt(trimmed) : parseOpen(trimmed) / (unit === 'bps' ? 10n ** 16n : 1n);
  if (value >= min && value <= max) return { ok: true, value };
  const say = (bound: bigint) =>
    unit === 'wei' ? formatOpen(bound) : unit === 'bps' ? `${Number(bound) / 100}` : `${bound}`;
  return { ok: false, error: `Possible is ${say(min)} to ${say(max)}.` };
}

/**
 * A proposal's description. The last line binds it to its proposer (OpenZeppelin's Governor checks it): otherwise somebody
 * could send the same proposal first and cancel it, and the same words could never be proposed again.
 */
export function proposalText(title: string, why: string, proposer: string): string {
  return `# ${title}\n\n${why.trim()}\n\n#proposer=${proposer}`;
}

/** Title and text of a description, without the marks that are for the contract. */
export function readProposalText(description: string): { title: string; body: string } {
  const [first = '', ...rest] = description.replace(/\s*#proposer=0x[0-9a-fA-F]{40}$/, '').split('\n');
  return { title: first.replace(/^#+\s*/, '').trim() || 'Untitled proposal', body: rest.join('\n').trim() };
}

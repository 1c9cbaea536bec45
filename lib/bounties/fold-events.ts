import type { Award, Sponsor } from './types.ts';

type Args = Record<string, string | number | boolean>;
type Hex = `0x${string}`;

/** Sponsors by what they gave, and awards in order, out of a bounty's events from oldest to newest. Pure. */
export function foldEvents(events: readonly { name: string; args: Args }[]): { sponsors: Sponsor[]; awards: Award[] } {
  const sponsors = new Map<Hex, Sponsor>();
  const awards = new Map<number, Award>();
  for (const { name, args } of events) {
    if (name === 'BountyFunded') addGift(sponsors, args);
    else if (name === 'BountyRefunded') sponsors.get(hex(args, 'sponsor'))!.refundedWei = wei(args, 'amount');
    else if (name === 'BountyAwarded') awards.set(Number(args.award), toAward(args));
    else if (name === 'BountyPayees') awards.get(Number(args.award))!.payees = list(args, 'payees');
    else if (name === 'BountyPaid') awards.get(Number(args.award))!.paidWei = wei(args, 'amount');
    else if (name === 'BountyObjected') {
      const objection = { sponsor: hex(args, 'sponsor'), partWei: wei(args, 'part'), reason: String(args.reason) };
      awards.get(Number(args.award))!.objections.push(objection);
    }
  }
  const byGift = [...sponsors.values()].sort((a, b) => (a.givenWei < b.givenWei ? 1 : -1));
  return { sponsors: byGift, awards: [...awards.values()] };
}

function addGift(sponsors: Map<Hex, Sponsor>, args: Args): void {
  const address = hex(args, 'sponsor');
  const before = sponsors.get(address)?.givenWei ?? 0n;
  sponsors.set(address, { address, givenWei: before + wei(args, 'amount'), refundedWei: null });
}

function toAward(args: Args): Award {
  return {
    number: Number(args.award),
    by: hex(args, 'by'),
    sumWei: wei(args, 'sum'),
    payableAt: new Date(Number(args.payableAt) * 1000),
    subjects: list(args, 'subjects'),
    payees: [],
    objections: [],
    paidWei: null,
  };
}

const wei = (args: Args, name: string) => BigInt(args[name] as string);
const hex = (args: Args, name: string) => String(args[name]) as Hex;

/** Members of an array argument, which the index keeps as `name.0`, `name.1`, … */
function list(args: Args, name: string): Hex[] {
  const found: Hex[] = [];
  for (let at = 0; args[`${name}.${at}`] !== undefined; at++) found.push(hex(args, `${name}.${at}`));
  return found;
}

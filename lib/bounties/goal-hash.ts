import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import type { BountyKind } from './types.ts';

/** What ties a bounty on chain to its words: SHA-256 over the canonical JSON of the goal and its author. */
export function goalHashOf(goal: {
  author: string;
  kind: BountyKind;
  datanetId: string;
  title: string;
  goal: string;
}): `0x${string}` {
  const { author, kind, datanetId, title, goal: text } = goal;
  return sha256(canonicalJson({ author, kind, datanetId, title, goal: text }));
}

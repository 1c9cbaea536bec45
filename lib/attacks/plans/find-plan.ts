import type { AttackName } from '../types.ts';
import type { AttackPlan } from './attack-plan.ts';
import { copyOwnRows, stealBestRow, stealBestRowPadded } from './copies.ts';
import { craftOutliers, craftWithShadow } from './crafted.ts';
import { cutIntoPieces, splitIntoWallets } from './identities.ts';
import { copyEdited, padded, recased, reordered, retoldElsewhere, stitchOwnRows, withSynonyms } from './near-copies.ts';
import { addOneStranger, addPoison, addSpam, dodgeHeldOut, seizeHeldOut, stuffPhrases } from './noise.ts';
import { askAboutOwnRows, formRing } from './questions.ts';

const plans: Record<AttackName, AttackPlan> = {
  'copy-1': copyOwnRows(1),
  'copy-10': copyOwnRows(10),
  'copy-100': copyOwnRows(100),
  'near-case': copyEdited('case', recased),
  'near-order': copyEdited('order', reordered),
  'near-synonyms': copyEdited('synonyms', withSynonyms),
  'near-padding': copyEdited('padding', padded),
  'near-stitched': stitchOwnRows,
  retold: copyEdited('retold', retoldElsewhere),
  'steal-exact': stealBestRow,
  'steal-near': stealBestRowPadded,
  'wallets-100': splitIntoWallets(100),
  pieces: cutIntoPieces,
  stuffing: stuffPhrases,
  spam: addSpam,
  outlier: craftOutliers,
  shadow: craftWithShadow,
  'self-query': askAboutOwnRows,
  ring: formRing,
  poison: addPoison,
  'dodge-held-out': dodgeHeldOut,
  'seize-held-out': seizeHeldOut,
  control: addOneStranger,
};

/** The attack by its name. */
export function findPlan(name: AttackName): AttackPlan {
  return plans[name];
}

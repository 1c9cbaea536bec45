import type { AttackRules } from '#lib/attacks/attack-rules.ts';
import type { AttackRow } from '#lib/attacks/types.ts';
import { contentHashOf } from '#lib/contributions/parse/canonical-text.ts';
import { findCopiesInThread } from '#lib/engine/attribution/text-jobs.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { chooseTrainingSet, type DatasetRule } from '#lib/model-factory/choose-training-set.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';

/** A usual certificate (docs/attribution.md). */
const usualAlphaPpm = 700_000;

/**
 * The rules of real runs, for a sandbox.
 * @param rule another way to choose rows, to see what the present one is good for
 * @param hasCut false: also rows within the noise are paid, and everything is paid by name
 */
export function sandboxRules({ rule, hasCut = true }: { rule?: DatasetRule; hasCut?: boolean } = {}): AttackRules {
  return {
    hasCut,
    alphaPpm: hasCut ? usualAlphaPpm : 1_000_000,
    hashOf: (row) => contentHashOf(fieldsOf(row)),
    async choose(rows) {
      const fields = rows.some(({ question }) => question !== '')
        ? [{ name: 'question' }, { name: 'answer' }]
        : [{ name: 'answer' }];
      const version = {
        rows: rows.map((row) => ({
          ...{ id: row.id, contributor: row.contributor as `0x${string}` },
          ...{ data: fieldsOf(row), contentHash: contentHashOf(fieldsOf(row)) },
        })),
        fields,
        root: sha256(canonicalJson(rows.map(fieldsOf))),
      };
      const { train, heldOut, root, copies } = await chooseTrainingSet(
        { findCopies: findCopiesInThread },
        version,
        rule,
      );
      return { train, heldOut, datasetRoot: root, copies };
    },
  };
}

function fieldsOf({ question, answer }: AttackRow): Record<string, string> {
  return question === '' ? { answer } : { question, answer };
}

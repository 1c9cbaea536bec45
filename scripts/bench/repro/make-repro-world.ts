import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from 'viem';
import { contentHashOf } from '#lib/contributions/parse/canonical-text.ts';
import { getVersionLineage } from '#lib/datanets/get-version-lineage.ts';
import { encodeVersionRows } from '#lib/datanets/version-rows.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import type { ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { hashFile } from '#lib/platform/file-source.ts';
import { devnetAccount, devnetRoles } from '#scripts/contracts/devnet-config.ts';
import { type Draft, loadShared, type SharedFiles } from './draft.ts';
import { certificateOf, issueReceipts } from './issue-receipts.ts';
import { settleOnChain } from './settle-on-chain.ts';

export const gateway = devnetAccount(devnetRoles.operator);
const alphaPpm = 700_000;
const people = 20;

export type ReproWorld = Awaited<ReturnType<typeof makeReproWorld>>;

/**
 * Index, version, certificate, a receipt for each row's own question, and their reward period on a chain of our own: all by the
 * product's functions; the adapter's training, the database and the web server are not in it. Stop `period.chain` at the end.
 *
 * @param place the base has to be in a folder `model` of `root`
 */
export async function makeReproWorld(root: string, place: ModelPlace, examples: ChatExample[]) {
  const files: SharedFiles = {
    ...{ index: join(root, 'shared.index'), certificate: join(root, 'certificate.json') },
    ...{ rows: join(root, 'rows.jsonl'), period: join(root, 'period.json'), adapterDir: place.adapterDir },
  };
  const engine = AttributionEngine.open({ threads: 1 });
  const { sha256 } = await engine.buildIndex({ ...place, examples, outFile: files.index });
  await engine.close();
  const rows = rowsOf(examples);
  const version = getVersionLineage(rows);
  const adapterSha256 = `0x${await hashFile(join(place.adapterDir, 'adapter_model.safetensors'))}`;
  const certificate = certificateOf({ adapterSha256, indexSha256: `0x${sha256}`, versionRoot: version.root }, alphaPpm);
  const terms = { gateway, version, indexFile: files.index, certificate, alphaPpm };
  const issued = await issueReceipts(place, examples, terms);
  const period = await settleOnChain(issued, version, gateway, join(root, 'deployment.json'));
  await Promise.all([
    writeFile(files.certificate, certificate),
    writeFile(files.rows, rows),
    writeFile(files.period, period.data),
  ]);
  const shared = await loadShared(files);
  const drafts = issued.map((one, i): Draft => ({ ...one, settlement: period.proofs[i]!, ...shared }));
  return { files, shared, drafts, period, version };
}

/** The version's file: rows of twenty people, all accepted by one curator. */
function rowsOf(examples: readonly ChatExample[]): Uint8Array {
  const account = (i: number) => `0x${String(1 + i).padStart(40, '0')}` as Address;
  return encodeVersionRows(
    examples.map(({ id, messages }, i) => {
      const data = { question: messages[0]!.content, answer: messages[1]!.content };
      const contributor = account(i % people);
      return {
        ...{ id, contributor, contentHash: contentHashOf(data), contributedAt: 1_800_000_000 + i, data },
        lineage: [
          { role: 'collect', account: contributor },
          { role: 'review', account: account(people) },
        ],
      };
    }),
  );
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address, PublicClient } from 'viem';
import { z } from 'zod';
import { getVersionLineage } from '#lib/datanets/get-version-lineage.ts';
import type { ChargeReceipt } from '#lib/kernel/charge-receipt.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { ChainEpoch, ReceiptEvidence } from '#lib/kernel/verification/receipt-evidence.ts';
import type { ChargeEvidence } from '#lib/kernel/verification/verify-charge.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import { hashFile, openFileSource } from '#lib/platform/file-source.ts';
import { findChainEpoch } from '#lib/rewards/find-chain-epoch.ts';
import { checkPeriod } from './check-period.ts';
import { type FileKind, findFile } from './find-file.ts';
import type { VerifyOptions } from './options.ts';
import type { ReceiptEnvelope } from './receipt-envelope.ts';
import type { ReceiptServer } from './receipt-server.ts';
import type { RecomputationPool } from './recomputation-pool.ts';
import { findTask } from './task-source.ts';

export type EvidencePlace = {
  envelope: ReceiptEnvelope;
  options: VerifyOptions;
  server: ReceiptServer | null;
  chain: { chain: PublicClient; deployment: Deployment } | null;
  gateway: Address | null;
  engines: RecomputationPool;
  /** Downloads go here. */
  into: string;
};

const answerSchema = z.object({
  salt: z.string().regex(/^0x([0-9a-f]{2})*$/) as unknown as z.ZodType<`0x${string}`>,
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  output: z.string(),
  promptIds: z.array(z.number().int()),
  completionIds: z.array(z.number().int()),
  passages: z.array(z.string()).default([]),
});

/** A receipt's evidence from files, server and chain, each fetched when its step comes. `close` ends files. */
export function openFileEvidence(
  place: EvidencePlace,
): ReceiptEvidence & Pick<ChargeEvidence, 'period'> & { close(): Promise<void> } {
  const { envelope, options, server, into } = place;
  const find = (kind: FileKind) => {
    const given = kind === 'period' ? options.period : options.files[kind];
    return findFile(kind, { envelope, given, server, into });
  };
  const bytesOf = async (kind: FileKind) => {
    const path = await find(kind);
    return path === null ? null : new Uint8Array(await readFile(path));
  };
  const index = once(() => find('index'));
  const owners = once(async () => {
    const bytes = await bytesOf('rows');
    return bytes && getVersionLineage(bytes);
  });
  const opened: { close(): Promise<void> }[] = [];
  const open = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  return {
    receipt: envelope.body,
    hash: envelope.hash,
    signature: envelope.signature,
    gateway: place.gateway,
    certificate: () => bytesOf('certificate'),
    codes: () => bytesOf('codes'),
    async index() {
      const path = await index();
      return path === null ? null : { source: open(await openFileSource(path)), sha256: await hashFile(path) };
    },
    owners,
    async answer() {
      const path = await find('answer');
      return path === null ? null : answerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    },
    recompute: once(async () => {
      const adapterDir = options.adapter ?? (envelope.folder && join(envelope.folder, 'adapter'));
      const indexFile = await index();
      const modelDir = join(options.models, (envelope.body as ReceiptBody).model.baseModel);
      if (!adapterDir || !existsSync(adapterDir) || !indexFile || !existsSync(modelDir)) return null;
      return place.engines.get({ modelDir, adapterDir, indexFile });
    }),
    tasks: async (id) => findTask(id, place),
    settlement: async () => envelope.settlement,
    epoch: async ({ earningsRoot }) => place.chain && findChainEpoch(place.chain, earningsRoot),
    async period(epoch: ChainEpoch, body: ReceiptBody | ChargeReceipt) {
      const bytes = await bytesOf('period');
      return bytes && place.chain && checkPeriod({ ...place.chain, bytes, epoch, body, version: await owners() });
    },
    async close() {
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * `npm run verify-erasure -- <receipt.json | row id> [--server <url>] [--gateway 0x…]`: checks a signed receipt of erasure and the versions
 * that it names. Exit 0: all that could be checked fits · 1: a step differs · 2: something could not be fetched or read.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Address } from 'viem';
import { z } from 'zod';
import { verifyErasure } from '#lib/datanets/erasure/verify-erasure.ts';
import { erasureReceiptSchema, type SignedErasureReceipt } from '#lib/kernel/erasure-receipt.ts';
import { readDeployment } from '#lib/platform/deployment.ts';
import { findSetting } from './audit/read-settings.ts';

const hex = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform((value) => value as `0x${string}`);
const signedSchema = z.object({ receipt: erasureReceiptSchema, hash: hex, signature: hex });
const marks = { ok: 'ok  ', differs: 'NO  ', skipped: '--  ' } as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { server: { type: 'string' }, gateway: { type: 'string' } },
    allowPositionals: true,
  });
  const [target] = positionals;
  if (!target) throw new Error('name a receipt file or a row');
  const server = values.server ?? findSetting('APP_URL');
  const signed = await readReceipt(target, server);
  const { datanet } = signed.receipt;
  const steps = await verifyErasure(signed, {
    gateway: (values.gateway as Address | undefined) ?? findGateway(),
    rowsOf: (number) => fetchBytes(server, `/api/v1/datanets/${datanet.slug}/versions/${number}/rows.jsonl`),
  });
  for (const { name, outcome, detail } of steps) console.log(`${marks[outcome]} ${name}: ${detail}`);
  return steps.some(({ outcome }) => outcome === 'differs') ? 1 : 0;
}

async function readReceipt(target: string, server: string | null | undefined): Promise<SignedErasureReceipt> {
  if (existsSync(target)) return signedSchema.parse(JSON.parse(readFileSync(target, 'utf8')));
  const bytes = await fetchBytes(server, `/api/v1/rows/${encodeURIComponent(target)}/erasure`);
  if (!bytes) throw new Error(`there is no receipt of erasure for ${target}`);
  return signedSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** Null where there is no server, or it does not give the file (a private Datanet's rows). */
async function fetchBytes(server: string | null | undefined, path: string): Promise<Uint8Array | null> {
  if (!server) return null;
  const response = await fetch(new URL(path, server));
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

function findGateway(): Address | null {
  const file = findSetting('DEPLOYMENT_FILE');
  const operator = file && existsSync(file) ? readDeployment(file).config.operator : null;
  return typeof operator === 'string' ? (operator.toLowerCase() as Address) : null;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`verify-erasure: ${error.message}`);
    process.exit(2);
  },
);

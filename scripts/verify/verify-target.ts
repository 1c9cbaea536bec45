import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyTask } from '#lib/kernel/task/verify-task.ts';
import type { StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import { verifyCharge } from '#lib/kernel/verification/verify-charge.ts';
import { verifyEvidence } from '#lib/kernel/verification/verify-evidence.ts';
import { type EvidencePlace, openFileEvidence } from './file-evidence.ts';
import { type ReceiptEnvelope, readEnvelope } from './receipt-envelope.ts';
import { openTaskSource } from './task-source.ts';

export type VerifiedReceipt = { target: string; receiptId: string | null; steps: StepOutcome[] };
type Place = Omit<EvidencePlace, 'envelope' | 'into'>;

/** Recomputes one receipt, or the whole chain of a task. Throws where something could not be fetched or read. */
export async function verifyTarget(target: string, place: Place): Promise<VerifiedReceipt> {
  if (target.startsWith('task_') && !existsSync(target)) return verifyChain(target, place);
  const into = await mkdtemp(join(tmpdir(), 'openledger-verify-'));
  try {
    const envelope = await findEnvelope(target, place, into);
    const evidence = openFileEvidence({ ...place, envelope, into });
    const steps: StepOutcome[] = [];
    try {
      // Receipts of answers have no kind: they were first.
      const isCharge = 'kind' in ((envelope.body ?? {}) as object);
      const onProgress = progress(place.options.json);
      const found = isCharge ? verifyCharge(evidence) : verifyEvidence({ ...evidence, onProgress });
      for await (const step of found) steps.push(step);
    } finally {
      await evidence.close();
    }
    if (place.options.save) await save(into, place.options.save);
    const { id } = (envelope.body ?? {}) as { id?: unknown };
    return { target, receiptId: typeof id === 'string' ? id : null, steps };
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

async function verifyChain(id: string, { server }: Place): Promise<VerifiedReceipt> {
  if (!server) throw new Error('a task is verified from its server: give --server');
  const steps: StepOutcome[] = [];
  for await (const step of verifyTask(id, openTaskSource(server))) steps.push(step);
  return { target: id, receiptId: null, steps };
}

async function findEnvelope(target: string, { server }: Place, into: string): Promise<ReceiptEnvelope> {
  if (existsSync(target)) return readEnvelope(target);
  if (!server) throw new Error(`there is no file ${target}, and no server to ask: give --server`);
  const { json, ...envelope } = await server.envelope(target);
  await writeFile(join(into, 'receipt.json'), JSON.stringify(json));
  return envelope;
}

async function save(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
}

/** A line that is written over, on a terminal only; small indexes end before anybody could read it. */
function progress(isQuiet: boolean) {
  return (step: string, done: number, total: number) => {
    if (isQuiet || !process.stderr.isTTY || total < 100_000) return;
    process.stderr.write(`\r     ${step}: ${done} of ${total} rows${done === total ? '\n' : ''}`);
  };
}

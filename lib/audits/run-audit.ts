import { randomUUID } from 'node:crypto';
import type { Deps } from '#lib/platform/deps.ts';
import { giveAuditBack, type LeasedAudit, renewAudit, takeAudit } from './audit-lease.ts';
import { auditSeed, concludeAudit, describeSubject } from './conclude-audit.ts';
import { listPaidAnswers } from './list-paid-answers.ts';
import type { AuditEngine, MeasureEvent } from './types.ts';

type AuditDeps = Pick<Deps, 'db' | 'store' | 'log' | 'now'>;

const renewEveryMs = 4_000;
/** Attempts that may end without a word, with their process. */
const killsMax = 10;

/**
 * Measures one adapter to the end. Runs as a job and may run many times: it takes the audit's lease and goes on from the
 * trainings that are written down. What keeps it from measuring is written to the audit and tried again later, a few times.
 */
export async function runAudit(
  deps: AuditDeps,
  engine: AuditEngine,
  input: { auditId: string; signal: AbortSignal },
): Promise<'skipped' | 'ended' | 'given-back'> {
  const workerId = randomUUID();
  const audit = await takeAudit(deps, input.auditId, workerId);
  if (!audit) return 'skipped';
  if (audit.attempts > killsMax) {
    const message = 'The process that measures it ended again and again, perhaps for lack of memory.';
    await giveAuditBack(deps, audit, workerId, { message, isFinal: true });
    return 'given-back';
  }
  const lost = new AbortController();
  const renew = setInterval(() => {
    renewAudit(deps, audit.id, workerId)
      .then((isHeld) => isHeld || lost.abort())
      .catch((error) => deps.log.warn({ auditId: audit.id, error }, 'lease not renewed'));
  }, renewEveryMs);
  try {
    const isEnded = await measure(deps, engine, {
      audit,
      workerId,
      signal: AbortSignal.any([input.signal, lost.signal]),
    });
    return isEnded ? 'ended' : 'skipped';
  } catch (error) {
    if (lost.signal.aborted) return 'skipped'; // another worker has it now
    if (!input.signal.aborted) deps.log.warn({ auditId: audit.id, err: error }, 'an audit broke off');
    await giveAuditBack(deps, audit, workerId, input.signal.aborted ? null : describeFailure(error));
    return 'given-back';
  } finally {
    clearInterval(renew);
  }
}

type Place = { audit: LeasedAudit; workerId: string; signal: AbortSignal };

/** True when it ended with a result. */
async function measure(deps: AuditDeps, engine: AuditEngine, { audit, workerId, signal }: Place): Promise<boolean> {
  const { adapterSha256 } = await describeSubject(deps, audit.adapterId);
  const seed = auditSeed(audit, adapterSha256);
  const paid = audit.kind === 'audit' ? await listPaidAnswers(deps.db, audit.adapterId, seed) : [];
  const effects = { ...audit.effects };
  let isEnded = false;
  const note = async (event: MeasureEvent): Promise<void> => {
    const cpuMs = 'cpuSeconds' in event ? { cpuMs: audit.cpuMs + Math.round(event.cpuSeconds * 1000) } : {};
    if (event.type === 'planned') {
      await renewAudit(deps, audit.id, workerId, { subsets: event.subsets, total: event.trainings });
    } else if (event.type === 'trained') {
      effects[event.key] = event.effects;
      await renewAudit(deps, audit.id, workerId, { effects, done: event.done, ...cpuMs });
    } else if (event.type !== 'answers') {
      await renewAudit(deps, audit.id, workerId, cpuMs);
      const outcome = event.type === 'measured' ? { measured: event.result } : { refused: event.reason };
      await concludeAudit(deps, audit, workerId, outcome);
      isEnded = true;
    }
  };
  const budget = { subsets: audit.subsets || null, cpuSeconds: (audit.cpuBudgetMs - audit.cpuMs) / 1000 };
  const { adapterId, effects: known } = audit;
  await engine({ adapterId, seed, ...(paid.length > 0 && { answers: paid }), ...budget, known, signal }, note);
  return isEnded;
}

/** Engine errors have a code and a sentence for people; anything else is ours to look at. */
function describeFailure(error: unknown): { message: string; isFinal: boolean } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'fleet_base_not_here') {
    return {
      message: 'The weights of the base are on GPU servers only, so nothing can be trained again here.',
      isFinal: true,
    };
  }
  const isCoded = typeof code === 'string' && /^[a-z_]+$/.test(code) && typeof message === 'string';
  return { message: isCoded ? message : 'The measurement broke off for a reason on our side.', isFinal: false };
}

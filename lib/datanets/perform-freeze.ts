import { and, eq, isNull, ne } from 'drizzle-orm';
import { type FreezeStatus, versionFreezes } from '#db/schema/version-freezes.ts';
import { BaseError } from '#lib/kernel/base-error.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { FreezeStoppedError, RowsChangedError } from './errors.ts';
import { type FrozenVersion, freezeVersion } from './freeze-version.ts';

type PerformDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'store' | 'now' | 'randomBytes'>;

/**
 * Makes a version that was asked for: first `scan` (the guard's look for planted triggers, which may send rows back to review), then the
 * file and its root, with progress in the database. Runs as a job and may run twice. What the asker can mend becomes the freeze's
 * failure; a row withdrawn meanwhile and what nobody expected are thrown, so that the queue tries again. Null when it was not open.
 */
export async function performFreeze(
  deps: PerformDeps,
  freezeId: string,
  scan: (datanetId: string) => Promise<void>,
): Promise<FrozenVersion | null> {
  const [freeze] = await deps.db.select().from(versionFreezes).where(eq(versionFreezes.id, freezeId));
  if (!freeze || freeze.endedAt !== null) return null;
  const { datanetId, requestedBy } = freeze;
  const actor = { kind: 'account', address: requestedBy as `0x${string}` } as const;
  try {
    await goOn(deps, freezeId, { status: 'scanning' });
    await scan(datanetId);
    await goOn(deps, freezeId, { status: 'writing', rowsDone: 0 });
    const onRows = (rowsDone: number) => goOn(deps, freezeId, { status: 'writing', rowsDone });
    const frozen = await freezeVersion(deps, actor, { datanetId }, onRows);
    await end(deps, freezeId, { status: 'done', versionId: frozen.versionId, rowsDone: frozen.rowCount });
    return frozen;
  } catch (error) {
    if (error instanceof FreezeStoppedError) await end(deps, freezeId, { status: 'stopped' });
    else if (error instanceof BaseError && !(error instanceof RowsChangedError) && error.category !== 'internal')
      await end(deps, freezeId, { status: 'failed', failure: error.message });
    else throw error;
    return null;
  }
}

/** Writes where it is, unless somebody asked to stop. @throws {FreezeStoppedError} */
async function goOn(
  { db }: PerformDeps,
  freezeId: string,
  change: { status: FreezeStatus; rowsDone?: number },
): Promise<void> {
  const goesOn = and(eq(versionFreezes.id, freezeId), ne(versionFreezes.status, 'stopping'));
  const told = await db.update(versionFreezes).set(change).where(goesOn).returning({ id: versionFreezes.id });
  if (told.length === 0) throw new FreezeStoppedError();
}

async function end(
  { db, now }: PerformDeps,
  freezeId: string,
  change: { status: FreezeStatus; versionId?: string; rowsDone?: number; failure?: string },
): Promise<void> {
  const isOpen = and(eq(versionFreezes.id, freezeId), isNull(versionFreezes.endedAt));
  await db
    .update(versionFreezes)
    .set({ ...change, endedAt: now() })
    .where(isOpen);
}

import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { contributions } from '#db/schema/datanets.ts';
import { type UploadCounts, type UploadFault, uploads } from '#db/schema/uploads.ts';
import { PlainTextRefusedError, RowsClosedError } from '#lib/access/errors.ts';
import { getContributeAccess } from '#lib/access/get-contribute-access.ts';
import { type DatanetTerms, getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { judgeNewRows } from '../judge-new-rows.ts';
import { describeVerdict } from '../parse/describe-verdict.ts';
import { applyMapping, guessMapping } from '../parse/map-columns.ts';
import { storeRows } from '../store-rows.ts';
import type { RowVerdict } from '../types.ts';
import { faultsMost } from './limits.ts';
import { NotUtf8Error, type ReadBlock, readBlocks } from './read-blocks.ts';
import { EndlessRecordError } from './split-records.ts';
import { removePieces } from './upload-pieces.ts';

type ReadDeps = Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>;
type Upload = typeof uploads.$inferSelect;

/**
 * Judges and stores the rows of an upload whose pieces have all come, as one contribution. Runs as a job and may be killed at any point:
 * each block's rows are committed together with the place that reading has come to, so that none is stored twice and none left out.
 * Rows that fail are counted, the first of them named; the others go on. Memory: a piece and a block, whatever the file's size.
 */
export async function readUpload(deps: ReadDeps, uploadId: string, signal?: AbortSignal): Promise<void> {
  const [upload] = await deps.db.select().from(uploads).where(eq(uploads.id, uploadId));
  if (upload?.status !== 'reading') return;
  const datanet = await getDatanetTerms(deps.db, upload.datanetId);
  let failure: string | null = null;
  try {
    for await (const block of readBlocks(deps.store, upload)) {
      signal?.throwIfAborted();
      await storeBlock(deps, datanet, upload.id, block);
    }
  } catch (error) {
    failure = readingFault(error);
    if (failure === null) throw error; // the job is tried again and goes on where it was
  }
  await finish(deps, uploadId, failure);
  await removePieces(deps.store, uploadId);
}

async function storeBlock(deps: ReadDeps, datanet: DatanetTerms, uploadId: string, block: ReadBlock): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [upload] = await tx.select().from(uploads).where(eq(uploads.id, uploadId)).for('update');
    // Another worker, to whom the job was given meanwhile, has stored it.
    if (upload?.status !== 'reading' || upload.readBytes >= block.endBytes) return;
    const contribution = await findOrAddContribution(deps, tx, upload);
    // After the contribution, which keeps the Datanet's tier from changing until the rows are stored.
    const sender = { kind: 'account', address: upload.contributor as `0x${string}` } as const;
    await getContributeAccess({ ...deps, db: tx }, sender, upload.datanetId);
    const mapping = { ...guessMapping(datanet.fields, block.parsed.columns), ...upload.mapping };
    const rows = applyMapping(block.parsed, mapping);
    const verdicts = await judgeNewRows(tx, datanet, rows, sender.address);
    const stored = await storeRows(deps, tx, { fields: datanet.fields, contribution, rows, verdicts });
    const { counts, faults } = tally(upload, block, verdicts, stored.size);
    const kept = Object.fromEntries(
      Object.entries(mapping).filter((pair): pair is [string, string] => pair[1] !== null),
    );
    await tx
      .update(uploads)
      .set({
        ...{ counts, faults, mapping: kept, contributionId: contribution.id, changedAt: deps.now() },
        ...{ readBytes: block.endBytes, readLines: block.endLines },
      })
      .where(eq(uploads.id, uploadId));
    await tx
      .update(contributions)
      .set({ rowCount: sql`${contributions.rowCount} + ${stored.size}` })
      .where(eq(contributions.id, contribution.id));
  });
}

async function findOrAddContribution(deps: ReadDeps, tx: DatabaseOrTransaction, upload: Upload) {
  const { datanetId, contributor } = upload;
  if (upload.contributionId) {
    const [found] = await tx.select().from(contributions).where(eq(contributions.id, upload.contributionId));
    return found!;
  }
  const added = {
    ...{ id: newId(deps, 'contribution'), datanetId, contributor, source: upload.fileName, rowCount: 0 },
    ...{ idempotencyKey: `upload:${upload.id}`, createdAt: deps.now() },
  };
  await tx.insert(contributions).values(added);
  return added;
}

function tally(
  upload: Upload,
  { parsed }: ReadBlock,
  verdicts: readonly RowVerdict[],
  stored: number,
): { counts: UploadCounts; faults: UploadFault[] } {
  const of = (...kinds: RowVerdict['kind'][]) => verdicts.filter(({ kind }) => kinds.includes(kind)).length;
  const lost = of('new') - stored; // somebody else stored the same meanwhile
  const counts = {
    new: upload.counts.new + stored,
    duplicate: upload.counts.duplicate + of('duplicate', 'duplicate-in-file') + lost,
    held: upload.counts.held + of('held'),
    invalid: upload.counts.invalid + of('invalid') + parsed.faults.length,
  };
  if (upload.faults.length >= faultsMost) return { counts, faults: upload.faults };
  const found = [
    ...parsed.faults.map(({ line, fix }) => ({ line, what: fix })),
    ...verdicts.flatMap((v) => (v.kind === 'new' ? [] : [{ line: v.line, what: describeVerdict(v) }])),
  ].sort((a, b) => a.line - b.line);
  return { counts, faults: [...upload.faults, ...found].slice(0, faultsMost) };
}

/** What is wrong with the file itself, as a sentence; null for what may pass. */
function readingFault(error: unknown): string | null {
  if (error instanceof NotUtf8Error) {
    return `The file is not UTF-8 somewhere after line ${error.line}. Rows before that are stored; save the rest as UTF-8 and send it.`;
  }
  if (error instanceof RowsClosedError || error instanceof PlainTextRefusedError) return error.message;
  if (error instanceof EndlessRecordError) {
    return 'A quote is opened and never closed, or a cell is longer than 2 MiB, so the rest of the file cannot be read. Rows before it are stored; mend it and send the rest.';
  }
  return null;
}

/** Nothing stored is a failure too: its sender has to know. An empty contribution is taken back. */
async function finish(deps: ReadDeps, uploadId: string, failure: string | null): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [upload] = await tx.select().from(uploads).where(eq(uploads.id, uploadId)).for('update');
    if (upload?.status !== 'reading') return;
    const isEmpty = upload.counts.new === 0;
    const why = failure ?? (isEmpty ? 'No row of the file is new and valid, so nothing was stored.' : null);
    const change = { status: why ? ('failed' as const) : ('done' as const), failure: why, changedAt: deps.now() };
    const contributionId = isEmpty ? null : upload.contributionId;
    await tx
      .update(uploads)
      .set({ ...change, contributionId })
      .where(eq(uploads.id, uploadId));
    if (isEmpty && upload.contributionId) {
      const own = and(eq(contributions.id, upload.contributionId), eq(contributions.rowCount, 0));
      await tx.delete(contributions).where(own);
    }
  });
}

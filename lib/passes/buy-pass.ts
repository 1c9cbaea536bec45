import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { receipts } from '#db/schema/models.ts';
import { documentHash } from '#lib/kernel/document-hash.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { passReceiptSchema } from '#lib/kernel/pass-receipt.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { assertSellable } from './assert-sellable.ts';
import { chargeOnChannel } from './charge-on-channel.ts';
import { PassKeyReusedError, PassNotSoldError, PassOfferChangedError } from './errors.ts';
import { findOffer } from './find-offer.ts';
import { findSoldModel } from './find-sold-model.ts';
import { getPassFamily, type PassFamily } from './get-pass-family.ts';
import { endOfPass } from './rules.ts';
import type { BuyPassInput } from './schema.ts';
import type { PassPrice } from './types.ts';

type BuyDeps = Pick<Deps, 'db' | 'deployment' | 'operator' | 'now' | 'randomBytes'>;
type NewPass = typeof modelPasses.$inferInsert & { channelId: string };

/**
 * Buys a pass at the owner's price: charged on the payer's channel, with a signed receipt by which the charge enters the next reward
 * period and is divided as an answer's price. All of it is one transaction; the same key again changes nothing and returns the first pass. A pass by time
 * that is bought while another bought one runs begins at that one's end, so no day is paid twice.
 *
 * @throws {NotSignedInError | ModelNotFoundError | PassNotSoldError | PassOfferChangedError | PassLicenceError | PassKeyReusedError |
 * PassUnpaidError} the last names what is missing; nothing is charged then
 */
export async function buyPass(
  deps: BuyDeps,
  actor: Actor,
  input: BuyPassInput & { apiKeyId?: string | null },
): Promise<{ passId: string }> {
  const { address: payer } = assertAccount(actor);
  const family = await getPassFamily(deps.db, input.model);
  return deps.db.transaction(async (tx) => {
    // One purchase of an account at a time: of two with one key the second finds the first.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`passes:${payer}`}, 0))`);
    const before = await findBefore(tx, payer, family.id, input);
    if (before) return { passId: before };
    const price = await getPrice(tx, family, payer, input);
    const pass = await charge({ ...deps, db: tx }, { family, payer, price, ...input });
    await issueReceipt({ ...deps, db: tx }, { family, price, pass });
    return { passId: pass.id };
  });
}

async function findBefore(
  tx: DatabaseOrTransaction,
  payer: string,
  familyId: string,
  { kind, amount, priceWei, idempotencyKey }: BuyPassInput,
): Promise<string | null> {
  const isBefore = and(eq(modelPasses.holder, payer), eq(modelPasses.idempotencyKey, idempotencyKey));
  const [pass] = await tx.select().from(modelPasses).where(isBefore);
  if (!pass) return null;
  const isSame = pass.familyId === familyId && pass.priceWei === BigInt(priceWei);
  if (!isSame || (kind === 'answers' ? pass.answers !== amount : pass.until === null)) throw new PassKeyReusedError();
  return pass.id;
}

async function getPrice(
  tx: DatabaseOrTransaction,
  family: PassFamily,
  payer: string,
  { kind, amount, priceWei }: BuyPassInput,
): Promise<PassPrice> {
  if (family.owner === payer) throw new PassNotSoldError('own');
  const offer = await findOffer(tx, family.id);
  if (offer.access === 'everybody') throw new PassNotSoldError('not needed');
  const price = offer.prices.find((one) => one.kind === kind);
  if (!price) throw new PassNotSoldError('not sold');
  if (price.amount !== amount || price.priceWei !== BigInt(priceWei)) throw new PassOfferChangedError(price);
  await assertSellable(tx, family.id); // a version may have come since the offer was made
  return price;
}

type Purchase = BuyPassInput & { family: PassFamily; payer: string; price: PassPrice; apiKeyId?: string | null };

async function charge(
  deps: Omit<BuyDeps, 'db'> & { db: DatabaseOrTransaction },
  { family, payer, price, idempotencyKey, apiKeyId = null }: Purchase,
): Promise<NewPass> {
  const id = newId(deps, 'modelPass');
  const createdAt = deps.now();
  const channelId = await chargeOnChannel(deps, { id, payer, apiKeyId, wei: price.priceWei });
  const pass: NewPass = {
    ...{ id, familyId: family.id, holder: payer, source: 'bought', priceWei: price.priceWei, channelId, apiKeyId },
    ...{ idempotencyKey, createdAt },
    ...(price.kind === 'days'
      ? { until: endOfPass(await beginsAt(deps.db, family.id, payer, createdAt), price.amount) }
      : { answers: price.amount, answersLeft: price.amount }),
  };
  await deps.db.insert(modelPasses).values(pass);
  return pass;
}

/** The end of what the account has bought, if that is still to come; a granted pass may be taken back, so it does not count. */
async function beginsAt(db: DatabaseOrTransaction, familyId: string, holder: string, now: Date): Promise<Date> {
  const ofHolder = and(eq(modelPasses.holder, holder), eq(modelPasses.familyId, familyId));
  const [last] = await db
    .select({ until: modelPasses.until })
    .from(modelPasses)
    .where(and(ofHolder, eq(modelPasses.source, 'bought'), gt(modelPasses.until, now)))
    .orderBy(desc(modelPasses.until))
    .limit(1);
  return last?.until ?? now;
}

async function issueReceipt(
  deps: Pick<BuyDeps, 'operator'> & { db: DatabaseOrTransaction },
  { family, price, pass }: { family: PassFamily; price: PassPrice; pass: NewPass },
): Promise<void> {
  const id = derivedId('passReceipt', pass.id);
  const sold = await findSoldModel(deps.db, family);
  const { amount, priceWei } = price;
  const body = passReceiptSchema.parse({
    ...{ kind: 'pass', version: 1, id, passId: pass.id, issuedAt: pass.createdAt.toISOString() },
    ...{ gateway: deps.operator.address.toLowerCase(), payer: pass.holder, channelId: pass.channelId },
    ...sold,
    terms: pass.until ? { days: amount, until: pass.until.toISOString() } : { answers: amount },
    feeWei: priceWei.toString(),
  });
  const hash = documentHash(body);
  const signature = await deps.operator.signMessage!({ message: { raw: hash } });
  const modelId = sold.model.id;
  await deps.db
    .insert(receipts)
    .values({ id, modelId, body, hash, signature, feeWei: priceWei, createdAt: pass.createdAt });
  await deps.db.update(modelPasses).set({ receiptId: id }).where(eq(modelPasses.id, pass.id));
}

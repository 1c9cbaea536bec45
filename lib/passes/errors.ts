import { BaseError } from '#lib/kernel/base-error.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import type { PassOffer, PassPrice } from './types.ts';

/** Asked by somebody who is neither its owner nor holds a pass. Nothing was held or charged. */
export class PassRequiredError extends BaseError {
  readonly code = 'pass_required';
  readonly category = 'forbidden';
  constructor(name: string, { prices }: PassOffer) {
    const facts = prices.flatMap(({ kind, amount, priceWei }) => [
      [kind, amount] as const,
      [`${kind}Wei`, priceWei.toString()] as const,
    ]);
    super(`Only holders of a pass may ask ${name}. ${howToGetOne(prices)}`, {
      facts: { model: name, ...Object.fromEntries(facts), page: `/models/${name}` },
    });
  }
}

function howToGetOne(prices: readonly PassPrice[]): string {
  if (prices.length === 0) return 'Its owner sells none; they grant it to accounts of their choice.';
  return `One is sold on its page: ${prices.map(priceText).join(', or ')}.`;
}

const priceText = ({ kind, amount, priceWei }: PassPrice) =>
  `${amount} ${amount === 1 ? kind.slice(0, -1) : kind} for ${formatOpen(priceWei)} OPEN`;

export class PassForbiddenError extends BaseError {
  readonly code = 'pass_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super('Only the owner of a model decides who may ask it, grants passes and takes them back.');
  }
}

export class PassNotFoundError extends BaseError {
  readonly code = 'pass_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such pass, or it was taken back already.');
  }
}

export class PassBoughtError extends BaseError {
  readonly code = 'pass_bought';
  readonly category = 'conflict';
  constructor() {
    super('This pass was bought: it holds to its end, and nobody can take it back before.');
  }
}

/** Also where the owner would buy from, or grant to, themselves. */
export class PassNotSoldError extends BaseError {
  readonly code = 'pass_not_sold';
  readonly category = 'conflict';
  constructor(why: 'not sold' | 'not needed' | 'own') {
    super(
      {
        'not sold': 'No pass of this kind is sold for this model.',
        'not needed': 'Everybody may ask this model: no pass is needed.',
        own: 'A model’s owner may always ask it: no pass is needed.',
      }[why],
    );
  }
}

/** The rows of one of its versions may not be used for money. */
export class PassLicenceError extends BaseError {
  readonly code = 'pass_licence';
  readonly category = 'invalid';
  constructor(licence: string) {
    super(
      `Rows that this model was trained on are under ${licence}, which forbids selling what is made from them. Grant passes instead.`,
    );
  }
}

/** Between the page and the click the owner sold it otherwise. Nothing was charged. */
export class PassOfferChangedError extends BaseError {
  readonly code = 'pass_offer_changed';
  readonly category = 'conflict';
  constructor(price: PassPrice) {
    super(`The offer has changed: it is ${priceText(price)} now. Nothing was charged; load the page anew and decide.`, {
      facts: { amount: price.amount, priceWei: price.priceWei.toString() },
    });
  }
}

/** The same key for another pass. */
export class PassKeyReusedError extends BaseError {
  readonly code = 'pass_key_reused';
  readonly category = 'conflict';
  constructor() {
    super('This idempotency key belongs to another purchase. Send this one with a new key.');
  }
}

/** As the database's `hold_on_channel` names them; wei as decimal text. */
export type PassUnpaid = {
  outcome: 'no_channel' | 'insufficient_deposit' | 'voucher_too_small' | 'api_key_budget';
  channelId?: string;
  freeWei?: string;
  voucherWei?: string;
  neededWei?: string;
  leftWei?: string;
};

/** Deposit, voucher or key's budget do not cover the price; `facts.reason` says which. Nothing was charged. */
export class PassUnpaidError extends BaseError {
  readonly code = 'pass_unpaid';
  readonly category = 'payment-required';
  constructor(priceWei: bigint, { outcome, channelId, freeWei, voucherWei, neededWei, leftWei }: PassUnpaid) {
    const hasWei = BigInt(freeWei ?? leftWei ?? '0');
    const shortfallWei = priceWei > hasWei ? priceWei - hasWei : 0n;
    super(`This pass costs ${formatOpen(priceWei)} OPEN. ${sentenceOf[outcome](formatOpen(shortfallWei))}`, {
      facts: {
        ...{ reason: outcome, costWei: priceWei.toString() },
        ...(channelId && { channelId }),
        ...(outcome === 'voucher_too_small'
          ? { voucherWei: voucherWei ?? '0', requiredVoucherWei: neededWei ?? '0' }
          : { shortfallWei: shortfallWei.toString() }),
      },
    });
  }
}

const sentenceOf: Record<PassUnpaid['outcome'], (missing: string) => string> = {
  no_channel: (missing) => `You have no deposit yet: deposit ${missing} OPEN or more, then buy it.`,
  insufficient_deposit: (missing) => `Your deposit lacks ${missing} OPEN: deposit at least that much, then buy it.`,
  voucher_too_small: () => 'A payment voucher for it is missing: the page signs it with your session key.',
  api_key_budget: (missing) => `The budget of this key lacks ${missing} OPEN: make a key with a larger one.`,
};

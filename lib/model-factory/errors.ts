import { BaseError } from '#lib/kernel/base-error.ts';
import { formatOpen } from '#lib/kernel/money.ts';

export class RunNotFoundError extends BaseError {
  readonly code = 'run_not_found';
  readonly category = 'not-found';
  constructor(id: string) {
    super('There is no such training run.', { details: id });
  }
}

export class RunForbiddenError extends BaseError {
  readonly code = 'run_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super(
      'Only the account that started this run can change it or ask its checkpoints. Switch to that account in your wallet.',
    );
  }
}

export class RunStateError extends BaseError {
  readonly code = 'run_state';
  readonly category = 'conflict';
  constructor(verb: string, status: string) {
    super(`This run is ${status}, so it cannot be ${verb}.`);
  }
}

export class RunNotForkableError extends BaseError {
  readonly code = 'run_not_forkable';
  readonly category = 'conflict';
  constructor() {
    super('This run has no checkpoint yet, so nothing can start from it. Wait for its first one.');
  }
}

export class VersionNotTrainableError extends BaseError {
  readonly code = 'version_not_trainable';
  readonly category = 'invalid';
  constructor(rows: number) {
    super(
      `This version has ${rows} rows; training needs at least 20, so that some can be held out to measure what was learnt.`,
    );
  }
}

export class VersionMissingError extends BaseError {
  readonly code = 'version_not_found';
  readonly category = 'not-found';
  constructor() {
    super('This Datanet version does not exist. Choose one from the list.');
  }
}

export class BaseModelMissingError extends BaseError {
  readonly code = 'base_model_not_found';
  readonly category = 'not-found';
  constructor(name: string) {
    super(`There is no base model "${name.slice(0, 60)}" on this server. Choose one from the list.`);
  }
}

export class BaseModelRefusedError extends BaseError {
  readonly code = 'base_model_refused';
  readonly category = 'invalid';
  constructor(name: string, problems: readonly string[]) {
    super(`The base model “${name.slice(0, 60)}” cannot be trained on this server. ${problems.join(' ')}`);
  }
}

export class RunTimeoutError extends BaseError {
  readonly code = 'training_timeout';
  readonly category = 'limited';
  constructor() {
    super('The training took longer than a run may, 24 hours in one piece. Its checkpoint is kept.');
  }
}

/** A line of a frozen version that is no row. */
export class RowUnreadableError extends BaseError {
  readonly code = 'row_unreadable';
  readonly category = 'internal';
  constructor(line: number) {
    super(`Row ${line} of the frozen version cannot be read: the stored file is damaged.`);
  }
}

export class TooManyRunsError extends BaseError {
  readonly code = 'too_many_runs';
  readonly category = 'limited';
  constructor(limit: number) {
    super(`You have ${limit} runs waiting or training. Wait for one to end, or stop one.`);
  }
}

export class ModelSlugTakenError extends BaseError {
  readonly code = 'model_name_taken';
  readonly category = 'conflict';
  constructor(slug: string) {
    super(`A model is already published as "${slug}". Choose another name.`, {
      fieldErrors: { name: 'this name is taken' },
    });
  }
}

export class RunPublishedError extends BaseError {
  readonly code = 'run_already_published';
  readonly category = 'conflict';
  constructor(slug: string) {
    super(`The adapter of this run is already published as "${slug}".`);
  }
}

export class RunNotFinishedError extends BaseError {
  readonly code = 'run_not_finished';
  readonly category = 'conflict';
  constructor(status: string) {
    super(`This run is ${status}. Only a run that has finished can be published.`);
  }
}

export class AdapterNotBetterError extends BaseError {
  readonly code = 'adapter_not_better';
  readonly category = 'conflict';
  constructor(evalLoss: number, baseEvalLoss: number) {
    super(
      'This adapter answers the held-out rows no better than the base model, so it is not published. Train it again with more passes or on a version with more rows.',
      { facts: { 'held-out loss': evalLoss.toFixed(4), 'of the base': baseEvalLoss.toFixed(4) } },
    );
  }
}

export class TooFewOriginalsError extends BaseError {
  readonly code = 'too_few_originals';
  readonly category = 'invalid';
  constructor(originals: number, copies: number) {
    super(
      `Only ${originals} rows of this version are not copies of older rows (${copies} are). Too few to train and still measure: the Datanet needs rows of its own.`,
    );
  }
}

export class VersionNotAnchoredError extends BaseError {
  readonly code = 'version_not_anchored';
  readonly category = 'conflict';
  constructor(slug: string, number: number) {
    super(
      `Version ${number} of “${slug}” is not on chain yet, so the model's lineage could not be proved. A curator anchors it on the Datanet's page; then publish here.`,
    );
  }
}

export class DataShareTooLowError extends BaseError {
  readonly code = 'data_share_too_low';
  readonly category = 'invalid';
  constructor(minimumPercent: string) {
    const message = `Contributors of data get at least ${minimumPercent} % here, so that it is 20 % of the price after the protocol's fee. Raise “data”.`;
    super(message, { fieldErrors: { 'split.data': message } });
  }
}

export class ModelNotFoundError extends BaseError {
  readonly code = 'model_not_found';
  readonly category = 'not-found';
  constructor(slug: string) {
    super(`There is no model “${slug.slice(0, 80)}”. The list of models shows all of them.`);
  }
}

type Unpaid = 'no_channel' | 'insufficient_deposit' | 'voucher_too_small' | 'api_key_budget';
/** As the database's `hold_on_channel` names them; wei as decimal text. */
type UnpaidFacts = { channelId?: string; freeWei?: string; voucherWei?: string; neededWei?: string; leftWei?: string };

/** The day's free tokens are not enough, and the rest is not covered; `facts.reason` says by what. Nothing was started or held. */
export class TrainingUnpaidError extends BaseError {
  readonly code = 'training_unpaid';
  readonly category = 'payment-required';
  constructor(reason: Unpaid, ceilingWei: bigint, { channelId, freeWei, voucherWei, neededWei, leftWei }: UnpaidFacts) {
    const hasWei = BigInt(freeWei ?? leftWei ?? '0');
    const shortfallWei = ceilingWei > hasWei ? ceilingWei - hasWei : 0n;
    super(
      `This training costs at most ${formatOpen(ceilingWei)} OPEN. ${sentenceOf[reason](formatOpen(shortfallWei))}`,
      {
        facts: {
          ...{ reason, costWei: ceilingWei.toString() },
          ...(channelId && { channelId }),
          ...(reason === 'voucher_too_small'
            ? { voucherWei: voucherWei ?? '0', requiredVoucherWei: neededWei ?? '0' }
            : { shortfallWei: shortfallWei.toString() }),
        },
      },
    );
  }
}

const sentenceOf: Record<Unpaid, (missing: string) => string> = {
  no_channel: (missing) => `You have no deposit yet: deposit ${missing} OPEN or more, then start again.`,
  insufficient_deposit: (missing) =>
    `Your deposit lacks ${missing} OPEN: deposit at least that much, then start again.`,
  voucher_too_small: () => 'A payment voucher for it is missing: the page signs it with your session key.',
  api_key_budget: (missing) => `The budget of this key lacks ${missing} OPEN: make a key with a larger one.`,
};

export class ModelVersionForbiddenError extends BaseError {
  readonly code = 'model_version_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super('Only the owner of a model can add a version to it, choose which one answers, or write its card.');
  }
}

export class ModelVersionNotLiveError extends BaseError {
  readonly code = 'model_version_not_live';
  readonly category = 'conflict';
  constructor(number: number) {
    super(`Version ${number} is not on chain yet. Publish it first; the others go on answering.`);
  }
}

/** The registry has one split for a model, so its versions share it. */
export class VersionSplitError extends BaseError {
  readonly code = 'version_split_differs';
  readonly category = 'invalid';
  constructor() {
    const message = 'A new version keeps the split of its model. Publish it as a model of its own to divide otherwise.';
    super(message, { fieldErrors: { split: message } });
  }
}

export class LicenceForbidsError extends BaseError {
  readonly code = 'licence_forbids';
  readonly category = 'invalid';
  constructor(licence: string, what: 'price' | 'publishing') {
    const message =
      what === 'price'
        ? `The rows are under ${licence}, which forbids selling what is made from them. Set both prices to 0.`
        : `The rows are under ${licence}, which forbids handing on what is made from them. The model stays with you alone.`;
    super(message, what === 'price' ? { fieldErrors: { inputPrice: message, outputPrice: message } } : {});
  }
}

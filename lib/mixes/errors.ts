import { BaseError } from '#lib/kernel/base-error.ts';

/** Versions that cannot be one mix: two of one Datanet, a mix in a mix, too many rows. The sentence says which. */
export class MixInvalidError extends BaseError {
  readonly code = 'mix_invalid';
  readonly category = 'invalid';
}

/** The licences of two parts cannot be kept at once; the sentence names both and says why. */
export class LicencesIncompatibleError extends BaseError {
  readonly code = 'licences_incompatible';
  readonly category = 'conflict';
  constructor(sentence: string) {
    super(`${sentence} Take one of the two out of the mix.`);
  }
}

/** A mix takes no rows: they go to the Datanets that it is made of. */
export class MixTakesNoRowsError extends BaseError {
  readonly code = 'mix_takes_no_rows';
  readonly category = 'conflict';
  constructor() {
    super('This is a mix of several Datanets and takes no rows. Contribute to one of the Datanets that it is made of.');
  }
}

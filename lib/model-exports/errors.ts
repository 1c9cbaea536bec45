import { BaseError } from '#lib/kernel/base-error.ts';

export class ModelExportForbiddenError extends BaseError {
  readonly code = 'model_export_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super("Only the model's owner can take its files. Anybody can ask the model here or through the API.");
  }
}

export class ModelFileNotFoundError extends BaseError {
  readonly code = 'model_file_not_found';
  readonly category = 'not-found';
  constructor(format: string, file: string) {
    super(`There is no file “${file.slice(0, 80)}” in this model's ${format} export. Ask for the export first.`);
  }
}

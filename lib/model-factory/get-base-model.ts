import type { Deps } from '#lib/platform/deps.ts';
import { BaseModelMissingError, BaseModelRefusedError } from './errors.ts';
import { listBaseModels } from './list-base-models.ts';
import type { BaseModelInfo } from './types.ts';

/** A base model that runs may be trained on. @throws BaseModelMissingError, BaseModelRefusedError with the reasons */
export async function getBaseModel(deps: Pick<Deps, 'env'>, name: string): Promise<BaseModelInfo> {
  const { offered, refused } = await listBaseModels(deps);
  const base = offered.find((model) => model.name === name);
  if (base) return base;
  const found = refused.find((model) => model.name === name);
  throw found ? new BaseModelRefusedError(name, found.problems) : new BaseModelMissingError(name);
}

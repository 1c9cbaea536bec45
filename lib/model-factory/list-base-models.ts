import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectModel, type ModelInspection } from '#lib/engine/io/inspect-model.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { BaseModelInfo, BaseModels, RefusedBaseModel } from './types.ts';

/**
 * Base models on this server: each folder of MODELS_DIR in Hugging Face layout. Folders that the engine refuses are
 * listed apart, with the reasons; those that hold nothing of a model are left out. No weights are read, and a folder is
 * inspected again only when a file in it changes.
 */
export async function listBaseModels(deps: Pick<Deps, 'env'>): Promise<BaseModels> {
  const root = deps.env.MODELS_DIR;
  const entries = await readdir(/*turbopackIgnore: true*/ root, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  const found = await Promise.all(names.sort().map((name) => readFolder(root, name)));
  const models = found.filter((model) => model !== null);
  return {
    offered: models.flatMap((model) => ('problems' in model ? [] : [model])),
    refused: models.flatMap((model) => ('problems' in model ? [explainFleet(deps, model)] : [])),
  };
}

/** A base that only GPU servers have (docs/fleet.md) lacks its weights here on purpose. */
function explainFleet({ env }: Pick<Deps, 'env'>, model: RefusedBaseModel): RefusedBaseModel {
  if (!Object.hasOwn(env.SERVE_FLEETS ?? {}, model.name)) return model;
  return { ...model, problems: ['GPU servers serve this base. Training it needs its weights on this machine.'] };
}

async function readFolder(root: string, name: string): Promise<BaseModelInfo | RefusedBaseModel | null> {
  const folder = join(/*turbopackIgnore: true*/ root, name);
  const files = await readdir(/*turbopackIgnore: true*/ folder).catch(() => []);
  if (!files.some((file) => file === 'config.json' || /\.(safetensors|bin|pth|gguf)$/.test(file))) return null;
  const { problems, notes, config, architecture, parameters, dtypes } = await inspectOnce(folder, files);
  if (problems.length > 0 || !config || !architecture) return { name, problems };
  const card = await readFile(join(/*turbopackIgnore: true*/ folder, 'README.md'), 'utf8').catch(() => '');
  return {
    name,
    parameters,
    contextTokens: config.max_position_embeddings,
    license: /^license:\s*(.+)$/m.exec(card)?.[1]?.trim() ?? 'not stated',
    architecture,
    storedAs: dtypes.join(', '),
    notes,
    shape: {
      layers: config.num_hidden_layers,
      hidden: config.hidden_size,
      intermediate: config.intermediate_size,
      heads: config.num_attention_heads,
      keyValueHeads: config.num_key_value_heads,
      headDim: config.head_dim,
    },
  };
}

const inspections = new Map<string, { state: string; inspection: Promise<ModelInspection> }>();

/** Large vocabularies take a second to read, so a folder whose files have the same sizes and times is not read twice. */
async function inspectOnce(folder: string, files: readonly string[]): Promise<ModelInspection> {
  const facts = await Promise.all(
    [...files].sort().map(async (file) => {
      const found = await stat(join(/*turbopackIgnore: true*/ folder, file)).catch(() => null);
      return `${file}:${found?.size}:${found?.mtimeMs}`;
    }),
  );
  const state = facts.join('|');
  const known = inspections.get(folder);
  if (known?.state === state) return known.inspection;
  const inspection = inspectModel(folder);
  inspections.set(folder, { state, inspection });
  inspection.catch(() => inspections.delete(folder));
  return inspection;
}

import type { LoraConfig } from '../lora/config.ts';
import type { ScopeOfB } from '../lora/layout-part.ts';
import { AttributionIndexError } from './errors.ts';
import type { GradientScope } from './gradient-source.ts';
import { triangle } from './whitening.ts';

/** Method and version of indexes built today; scores are comparable and recomputable only within one. */
export const attributionMethod = 'lora-b-fisher-int8/9';

/** Read and verified, not built: 8 credits from 1.75 sigma on in a small index and from three from 4,096 rows on, 7 keeps directions of a small index and projects from some 430 rows on, 6 takes its Fisher over the rows' own gradients alone, 5 credits from three sigma on whatever the number of rows, 4 takes no gradients at the start of the training and projects them all, 3 takes gradients at the adapter's whole strength, 2 those of the last layer by random signs. */
const earlierMethods = [8, 7, 6, 5, 4, 3, 2].map((version) => `lora-b-fisher-int8/${version}`);

/** Gradients of all B matrices, as today's of the last layer's. Its indexes are read and verified, not built. */
const firstMethod = 'lora-b-fisher-int8/1';

/** The number at the end of a method's name. */
export function methodVersion(method: string): number {
  return Number(method.slice(method.lastIndexOf('/') + 1));
}

/** What an index says about itself; everything that a verifier needs to make a query's codes again. */
export type IndexHeader = {
  method: string;
  baseSha256: string;
  adapterSha256: string;
  lora: LoraConfig;
  /** The B matrices that count. Not in indexes of the first method: there all do. */
  scope?: ScopeOfB;
  /** The part of the adapter at which gradients are taken, see `gradientStrength`; left out: all of it. */
  strength?: number;
  /** Seed of the adapter at whose start rows' gradients are taken, too; left out: they are taken at `strength` alone. */
  start?: string;
  /** Seed of the sample that Fisher and bases are taken over, and of the signs of earlier methods. */
  seed: string;
  /** Signs per output row of the sketch of earlier methods. */
  width?: number;
  /** What the gradients of each B matrix are multiplied by; `output`, `rank`: whether that side is. Not in earlier methods. */
  bases?: BasisHeader[];
  /** Directions in place of factors and bases, see `RowDirections`: their bits, and numbers a layer. Methods 5 to 7. */
  directions?: { bits: number; lengths: number[] };
  /** Nothing is projected, see `PackedRows`: numbers of a gradient, and by how many bits more than 24 scales are shifted. */
  packed?: { numbers: number; shift: number };
  /** Columns that the sketch leaves of LoRA's rank; `lora.r`: all of them, unprojected. */
  rankWidth: number;
  /** Features a row. */
  dims: number;
  /** Feature count and damping of each layer. */
  layers: { size: number; lambda: number }[];
  /** How the layers' factors are stored; left out: as float32. */
  factors?: 'bfloat16';
  /** The rows' mean score on themselves, in leverages, over all layers; before method 7 the effective dimension tr F (F + lambda I)^-1. */
  dEff: number;
  maxSeqLength: number;
  /** Number of rows, N. */
  rows: number;
  /** Rows whose own gradients count in the Fisher; N, or a sample of them. */
  fisherRows: number;
  /** Gradients of drawn labels that it was taken over besides. Not before method 7. */
  drawn?: number;
  /** How far the run went, see `trainingReach`; left out: it is not known, and the damping is a part of the mean eigenvalue. */
  reach?: number;
  /** Bytes of all ids together. */
  idBytes: number;
};

/** A B matrix's basis in the file: its outputs, how many columns are left of them, and which sides are multiplied. */
export type BasisHeader = { outputs: number; columns: number; output: boolean; rank: boolean };

/** The matrices whose gradients an index is of. */
export function gradientScope({ scope }: IndexHeader): GradientScope {
  return scope ?? 'all';
}

const readable: readonly string[] = [attributionMethod, ...earlierMethods, firstMethod];

/** Codes beyond which a sum of products could leave 32 bits. */
const dimsMax = 2 ** 17;

/**
 * Parses and checks an index's header; `path` is for the message.
 * @throws AttributionIndexError
 */
export function parseHeader<H extends { method: string; dims: number; layers: { size: number }[] }>(
  path: string,
  json: string,
): H {
  let header: H;
  try {
    header = JSON.parse(json) as H;
  } catch (cause) {
    throw new AttributionIndexError(`The attribution index ${path} has a broken header.`, { cause });
  }
  if (!readable.includes(header.method)) {
    throw new AttributionIndexError(`${path} was made by ${header.method}; this engine reads ${attributionMethod}.`);
  }
  if (!(header.dims <= dimsMax)) {
    throw new AttributionIndexError(
      `The attribution index ${path} has ${header.dims} features a row, over ${dimsMax}.`,
    );
  }
  return header;
}

/** Bytes of the layers' factors, packed lower triangles. */
export function factorBytes(layers: readonly { size: number }[], factors?: IndexHeader['factors']): number {
  const each = factors === 'bfloat16' ? 2 : 4;
  return layers.reduce((sum, { size }) => sum + each * triangle(size), 0);
}

/** Bytes of the bases, bfloat16. */
export function basisBytes(bases: readonly BasisHeader[], r: number, rankWidth: number): number {
  return bases.reduce((sum, { outputs, columns, output, rank }) => {
    return sum + 2 * ((output ? outputs * columns : 0) + (rank ? r * rankWidth : 0));
  }, 0);
}

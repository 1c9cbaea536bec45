import { chooseSketch } from '#lib/engine/attribution/choose-sketch.ts';
import { createBasisSketch, fitBases } from '#lib/engine/attribution/gradient-bases.ts';
import { type AdaptedModel, attributedLayout } from '#lib/engine/attribution/gradient-source.ts';
import { attributionMethod, type IndexHeader } from '#lib/engine/attribution/index-header.ts';
import { packIds } from '#lib/engine/attribution/packed-ids.ts';
import { rowStride } from '#lib/engine/attribution/row-shard.ts';
import { triangle } from '#lib/engine/attribution/whitening.ts';
import { writeIndex } from '#lib/engine/attribution/write-index.ts';
import { createNormal } from '#lib/engine/train/random.ts';
import { syntheticId } from './synthetic-rows.ts';

const windowRows = 4096;

/**
 * Writes an index of `rows` seeded random rows for a real adapter, as wide as the rule says, so that real answers can be
 * scored against it. One row in a hundred has a scale 16 times the others': about so many stand out of the noise.
 */
export async function writeSyntheticIndex(path: string, model: AdaptedModel, rows: number): Promise<void> {
  const { base, adapter, adapterSha256 } = model;
  const { scope, ...size } = chooseSketch(adapter.layout, rows);
  const layout = attributedLayout(adapter.layout, scope);
  const gradients = Array.from({ length: 16 }, (_, i) =>
    Float32Array.from({ length: layout.length }, createNormal(String(i))),
  );
  const bases = fitBases(layout, gradients, size, 'bench');
  const sketch = createBasisSketch(layout, size.rankWidth, bases);
  const whitenings = sketch.layers.map((layer) => ({ factor: nearIdentity(layer.size), size: layer.size, lambda: 1 }));
  const ids = packIds(Array.from({ length: rows }, (_, row) => syntheticId(row)));
  const header: IndexHeader = {
    ...{ method: attributionMethod, baseSha256: base.sha256, adapterSha256, lora: adapter.layout.lora, seed: 'bench' },
    ...{
      scope,
      rankWidth: size.rankWidth,
      dims: sketch.dims,
      layers: whitenings.map(({ size, lambda }) => ({ size, lambda })),
      dEff: 0,
    },
    ...{ maxSeqLength: 256, rows, fisherRows: rows, idBytes: ids.utf8.length },
  };
  await writeIndex(path, header, { whitenings, bases }, ids, randomRows(rows, sketch.dims));
}

function* randomRows(rows: number, dims: number): Generator<Uint8Array> {
  const stride = rowStride(dims);
  const words = new Uint32Array((windowRows * stride) / 4);
  const bytes = new Uint8Array(words.buffer);
  let state = 0x9e3779b9;
  for (let start = 0; start < rows; start += windowRows) {
    const count = Math.min(windowRows, rows - start);
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13; // xorshift32 (Marsaglia 2003)
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    for (let row = 0; row < count; row++) {
      bytes.fill(0, row * stride + dims, (row + 1) * stride);
      words[((row + 1) * stride) / 4 - 1] = (start + row) % 100 === 0 ? 2 ** 22 : 2 ** 18;
    }
    yield bytes.slice(0, count * stride);
  }
}

function nearIdentity(size: number): Float32Array {
  const factor = new Float32Array(triangle(size)).fill(1e-4);
  for (let i = 0; i < size; i++) factor[triangle(i) + i] = 1;
  return factor;
}

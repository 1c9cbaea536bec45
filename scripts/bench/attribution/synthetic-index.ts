import { chooseRowBits } from '#lib/engine/attribution/choose-row-bits.ts';
import { chooseSketch } from '#lib/engine/attribution/choose-sketch.ts';
import { createBasisSketch, fitBases } from '#lib/engine/attribution/gradient-bases.ts';
import { type AdaptedModel, attributedLayout } from '#lib/engine/attribution/gradient-source.ts';
import { attributionMethod } from '#lib/engine/attribution/index-header.ts';
import { layerRanges } from '#lib/engine/attribution/layer-ranges.ts';
import { chooseWidths, rowForm } from '#lib/engine/attribution/low-bits.ts';
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
  const ids = packIds(Array.from({ length: rows }, (_, row) => syntheticId(row)));
  const common = {
    ...{ method: attributionMethod, baseSha256: base.sha256, adapterSha256, lora: adapter.layout.lora, seed: 'bench' },
    ...{ dEff: 0, maxSeqLength: 256, rows, fisherRows: rows, idBytes: ids.utf8.length },
  };
  const bits = chooseRowBits(adapter.layout, rows);
  if (bits !== null) {
    const ranges = layerRanges(adapter.layout);
    const numbers = ranges.reduce((sum, { length }) => sum + length, 0);
    // Numbers differ in importance as much as on real rows, where a third of them is kept by half a bit each.
    const random = createNormal('importance');
    const importance = Float64Array.from({ length: numbers }, () => Math.exp(1.5 * random()));
    const form = rowForm(chooseWidths(importance, bits * numbers));
    const layers = ranges.map(({ length: size }) => ({ size, lambda: 1 }));
    const scope = { firstLayer: 0, modules: adapter.layout.lora.targetModules };
    const header = { ...common, scope, rankWidth: adapter.layout.lora.r, dims: form.positions.length, layers };
    const packed = randomRows(rows, form.bytes, 0);
    await writeIndex(path, header, { widths: form.widths, shift: 0 }, ids, packed);
    return;
  }
  const { scope, ...size } = chooseSketch(adapter.layout, rows);
  const layout = attributedLayout(adapter.layout, scope);
  const gradients = Array.from({ length: 16 }, (_, i) =>
    Float32Array.from({ length: layout.length }, createNormal(String(i))),
  );
  const bases = fitBases(layout, gradients, size, 'bench');
  const sketch = createBasisSketch(layout, size.rankWidth, bases);
  const whitenings = sketch.layers.map((layer) => ({ factor: nearIdentity(layer.size), size: layer.size, lambda: 1 }));
  const layers = whitenings.map(({ size, lambda }) => ({ size, lambda }));
  const header = { ...common, scope, rankWidth: size.rankWidth, dims: sketch.dims, layers };
  const stride = rowStride(sketch.dims);
  await writeIndex(path, header, { whitenings, bases }, ids, randomRows(rows, stride, stride - 4));
}

/** Rows of `stride` bytes, with the scale at `scaleAt`. */
function* randomRows(rows: number, stride: number, scaleAt: number): Generator<Uint8Array> {
  const words = new Uint32Array(Math.ceil((windowRows * stride) / 4));
  const bytes = new Uint8Array(words.buffer);
  const view = new DataView(words.buffer);
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
      view.setUint32(row * stride + scaleAt, (start + row) % 100 === 0 ? 2 ** 22 : 2 ** 18, true);
    }
    yield bytes.slice(0, count * stride);
  }
}

function nearIdentity(size: number): Float32Array {
  const factor = new Float32Array(triangle(size)).fill(1e-4);
  for (let i = 0; i < size; i++) factor[triangle(i) + i] = 1;
  return factor;
}

import { floatsFromBfloatBits } from '../io/half-float.ts';
import type { GradientBasis } from './gradient-bases.ts';
import type { IndexFile } from './index-file.ts';
import type { IndexHeader } from './index-header.ts';

/** The bases, which come next in an index file; null where the header names none. */
export async function takeBases(
  file: IndexFile,
  { bases, lora, rankWidth }: Pick<IndexHeader, 'bases' | 'lora' | 'rankWidth'>,
): Promise<GradientBasis[] | null> {
  if (!bases) return null;
  const taken: GradientBasis[] = [];
  const take = async (count: number): Promise<Float32Array> =>
    floatsFromBfloatBits(new Uint16Array((await file.take(2 * count)).buffer));
  for (const { outputs, columns, output, rank } of bases) {
    taken.push({
      ...{ outputs, columns },
      output: output ? await take(outputs * columns) : null,
      rank: rank ? await take(lora.r * rankWidth) : null,
    });
  }
  return taken;
}

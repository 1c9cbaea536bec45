import { inheritLicence } from '#lib/kernel/licences.ts';
import { tenthsRange } from '#lib/kernel/mix-weights.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
import type { TrainableVersion } from '#lib/model-factory/types.ts';

type Named = Pick<TrainableVersion, 'id' | 'number' | 'datanet'>;

/** Several versions with weights as an address has them: `contracts@3*2~defi@1`; a weight of 1 is left out. Empty for fewer than two. */
export function mixToLink(parts: readonly ChosenPart[], versions: readonly Named[]): string {
  if (parts.length < 2) return '';
  const named = parts.flatMap(({ versionId, tenths }) => {
    const version = versions.find(({ id }) => id === versionId);
    if (!version) return [];
    const weight = tenths === tenthsRange.once ? '' : `*${tenths / tenthsRange.once}`;
    return [`${version.datanet.slug}@${version.number}${weight}`];
  });
  return named.join('~');
}

/** The parts that an address names. One that is not offered (any more) has no id, so that the wizard can say so; a weight out of range is 1. */
export function mixFromLink(text: string, versions: readonly Named[]): ChosenPart[] {
  if (text === '') return [];
  return text.split('~').map((part) => {
    const [, slug, number, weight = '1'] = /^([^@*]+)@(\d+)(?:\*([\d.]+))?$/.exec(part) ?? [];
    const version = versions.find((one) => one.datanet.slug === slug && one.number === Number(number));
    return { versionId: version?.id ?? '', tenths: tenthsOf(weight) ?? tenthsRange.once };
  });
}

/** A weight as people write it, in tenths; null where it is none from 0.1 to 10. */
export function tenthsOf(weight: string): number | null {
  const tenths = Math.round(Number(weight.replace(',', '.')) * tenthsRange.once);
  return weight.trim() !== '' && tenths >= tenthsRange.least && tenths <= tenthsRange.most ? tenths : null;
}

/** What hinders this mix, as a sentence; null where nothing does. */
export function faultOfMix(parts: readonly ChosenPart[], versions: readonly TrainableVersion[]): string | null {
  const found = parts.map(({ versionId }) => versions.find(({ id }) => id === versionId));
  if (found.some((version) => version === undefined))
    return 'A version of this mix does not exist any more, or you may not read it. Remove it.';
  const datanets = new Set(found.map((version) => version!.datanet.id));
  if (datanets.size < parts.length) return 'Two versions of one Datanet share their rows. Keep one of them.';
  const inherited = inheritLicence(found.map((version) => version!.license));
  return inherited.ok ? null : inherited.sentence;
}

/** What can be added to a mix: the newest version of each other Datanet, with what hinders it. */
export function addable(
  parts: readonly ChosenPart[],
  versions: readonly TrainableVersion[],
): { version: TrainableVersion; fault: string | null }[] {
  const taken = new Set(
    parts.map(({ versionId }) => versions.find(({ id }) => id === versionId)?.datanet.id).filter(Boolean),
  );
  return versions
    .filter((version) => {
      if (taken.has(version.datanet.id)) return false;
      taken.add(version.datanet.id); // newest first
      return true;
    })
    .map((version) => ({
      version,
      fault: faultOfMix([...parts, { versionId: version.id, tenths: tenthsRange.once }], versions),
    }));
}

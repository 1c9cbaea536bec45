import { describe, expect, it } from 'vitest';
import type { TrainableVersion } from '#lib/model-factory/types.ts';
import { addable, faultOfMix, mixFromLink, mixToLink, tenthsOf } from './mix-rules.ts';

const version = (slug: string, number: number, license = 'CC-BY-4.0'): TrainableVersion => ({
  ...{ id: `dv_${slug}_${number}`, number, fields: ['Q', 'A'], tier: 'public', rowCount: 100, contributorCount: 3 },
  datanet: { id: `dn_${slug}`, slug, title: slug, domain: 'law', summary: '' },
  ...{ license, root: '0x00', createdAt: '2026-01-01T00:00:00.000Z', anchored: true },
});
const versions = [version('a', 3), version('a', 2), version('b', 1), version('nd', 1, 'CC-BY-ND-4.0')];
const parts = [
  { versionId: 'dv_a_3', tenths: 20 },
  { versionId: 'dv_b_1', tenths: 10 },
];

describe('a mix in an address', () => {
  it('is read as it was written, and says what is not there any more', () => {
    expect(mixToLink(parts, versions)).toBe('a@3*2~b@1');
    expect(mixFromLink('a@3*2~b@1', versions)).toEqual(parts);
    expect(mixFromLink('a@9*0.5~b@1*77', versions)).toEqual([
      { versionId: '', tenths: 5 },
      { versionId: 'dv_b_1', tenths: 10 },
    ]);
    expect(mixToLink(parts.slice(0, 1), versions)).toBe('');
  });

  it('takes weights from 0.1 to 10', () => {
    expect(['0.1', '2,5', '10', '0', '10.1', '', 'x'].map(tenthsOf)).toEqual([1, 25, 100, null, null, null, null]);
  });
});

describe('what hinders a mix', () => {
  it('is a version that is gone, a Datanet twice, and licences that cannot be kept together', () => {
    expect(faultOfMix(parts, versions)).toBeNull();
    expect(faultOfMix([...parts, { versionId: '', tenths: 10 }], versions)).toContain('does not exist any more');
    expect(faultOfMix([...parts, { versionId: 'dv_a_2', tenths: 10 }], versions)).toContain('Keep one of them');
    expect(faultOfMix([...parts, { versionId: 'dv_nd_1', tenths: 10 }], versions)).toContain('CC-BY-ND-4.0');
  });

  it('is told of what may be added: the newest version of each other Datanet', () => {
    const offered = addable(parts.slice(0, 1), versions);
    expect(offered.map(({ version }) => version.id)).toEqual(['dv_b_1', 'dv_nd_1']);
    expect(offered.map(({ fault }) => fault === null)).toEqual([true, false]);
  });
});

import { describe, expect, it } from 'vitest';
import { inheritLicence } from './licences.ts';

describe('inheritLicence', () => {
  it.each([
    [['CC-BY-4.0'], 'CC-BY-4.0'],
    [['CC0-1.0', 'CC-BY-4.0'], 'CC-BY-4.0'],
    [['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC0-1.0'], 'CC-BY-SA-4.0'],
    [['CC-BY-4.0', 'CC-BY-NC-4.0'], 'CC-BY-NC-4.0'],
    [['CC-BY-NC-4.0', 'CC-BY-NC-SA-4.0'], 'CC-BY-NC-SA-4.0'],
    [['CC-BY-4.0', 'LicenseRef-private'], 'LicenseRef-private'],
    [['CC-BY-ND-4.0', 'CC-BY-ND-4.0'], 'CC-BY-ND-4.0'],
  ])('of %j is %s, in whatever order', (licences, licence) => {
    expect(inheritLicence(licences)).toMatchObject({ ok: true, licence });
    expect(inheritLicence(licences.toReversed())).toEqual(inheritLicence(licences));
  });

  it.each([
    ['CC-BY-SA-4.0', 'ODbL-1.0'],
    ['CC-BY-SA-4.0', 'CC-BY-NC-4.0'],
    ['CC-BY-ND-4.0', 'CC0-1.0'],
    ['LicenseRef-mine', 'CC0-1.0'],
  ])('refuses %s beside %s, naming both', (a, b) => {
    const refused = inheritLicence([a, b]);
    expect(refused.ok).toBe(false);
    if (refused.ok) return;
    expect(new Set(refused.between)).toEqual(new Set([a, b]));
    expect(refused.sentence).toContain(a);
    expect(refused.sentence).toContain(b);
  });

  it('asks for no price where the rows may not be sold, or nobody knows', () => {
    expect(inheritLicence(['CC-BY-NC-4.0'])).toMatchObject({ terms: { commercial: false } });
    expect(inheritLicence(['LicenseRef-mine'])).toMatchObject({ terms: { commercial: false } });
    expect(inheritLicence(['CC-BY-4.0'])).toMatchObject({ terms: { commercial: true } });
  });
});

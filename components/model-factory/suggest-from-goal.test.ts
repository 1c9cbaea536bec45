import { describe, expect, it } from 'vitest';
import type { TrainableVersion } from '#lib/model-factory/types.ts';
import { suggestFromGoal } from './suggest-from-goal.ts';

const version = (id: string, title: string, domain: string, summary: string) =>
  ({ id, datanet: { id: `dn_${id}`, slug: id, title, domain, summary } }) as TrainableVersion;
const versions = [
  version('dv_defi2', 'DeFi risk', 'defi', 'Questions about lending and liquidation.'),
  version('dv_defi1', 'DeFi risk', 'defi', 'Questions about lending and liquidation.'),
  version('dv_threat', 'Threat intelligence', 'cybersecurity', 'What attackers do and how to notice it.'),
];

describe('suggestFromGoal', () => {
  it('fills field, data, recipe and name, and says by which word', () => {
    expect(suggestFromGoal('Answer questions about phishing attacks, a quick try.', versions)).toEqual({
      name: 'Answer questions about phishing attacks',
      domain: 'cybersecurity',
      version: 'dv_threat',
      preset: 'quick',
      because: { domain: 'phishing', version: 'phishing', preset: 'try' },
    });
  });

  it('takes the newest version of the Datanet that shares most words', () => {
    const { version: chosen, domain } = suggestFromGoal(
      'explain lending and liquidation risk of DeFi protocols',
      versions,
    );
    expect([chosen, domain]).toEqual(['dv_defi2', 'defi']);
  });

  it('fills nothing that the sentence does not say', () => {
    expect(suggestFromGoal('', versions)).toEqual({
      name: '',
      domain: '',
      version: '',
      preset: 'balanced',
      because: {},
    });
    expect(suggestFromGoal('knitting patterns of the north', versions)).toMatchObject({ domain: '', version: '' });
  });
});

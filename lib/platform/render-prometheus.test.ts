import { describe, expect, it } from 'vitest';
import { renderPrometheus } from './render-prometheus.ts';

describe('renderPrometheus', () => {
  it('writes each kind as the format wants it', () => {
    const value = { bounds: [0.005, 0.1, 1], counts: [0, 2, 3], sum: 4.25, count: 4 };
    const text = renderPrometheus([
      {
        name: 'a_total',
        help: 'Asked.',
        type: 'counter',
        samples: [{ labels: { code: 'stop' }, value: 3 }, { value: 0 }],
      },
      { name: 'b', help: 'Free \\ of\nall.', type: 'gauge', samples: [{ value: Number.NaN }] },
      { name: 'c_seconds', help: 'Time.', type: 'histogram', samples: [{ labels: { base: 'x' }, value }] },
      { name: 'd', help: 'Not yet.', type: 'gauge', samples: [] },
    ]);
    expect(text).toBe(
      [
        '# HELP a_total Asked.',
        '# TYPE a_total counter',
        'a_total{code="stop"} 3',
        'a_total 0',
        '# HELP b Free \\\\ of\\nall.',
        '# TYPE b gauge',
        'b NaN',
        '# HELP c_seconds Time.',
        '# TYPE c_seconds histogram',
        'c_seconds_bucket{base="x",le="0.005"} 0',
        'c_seconds_bucket{base="x",le="0.1"} 2',
        'c_seconds_bucket{base="x",le="1"} 3',
        'c_seconds_bucket{base="x",le="+Inf"} 4',
        'c_seconds_sum{base="x"} 4.25',
        'c_seconds_count{base="x"} 4',
        '',
      ].join('\n'),
    );
  });

  it('escapes what would end a label value', () => {
    const labels = { base: 'a"b\\c\nd' };
    const text = renderPrometheus([{ name: 'a', help: 'h', type: 'gauge', samples: [{ labels, value: 1 }] }]);
    expect(text.split('\n')[2]).toBe('a{base="a\\"b\\\\c\\nd"} 1');
  });

  it('refuses names that would break the page', () => {
    const family = (name: string, labels = {}) => ({
      name,
      help: 'h',
      type: 'gauge' as const,
      samples: [{ labels, value: 1 }],
    });
    expect(() => renderPrometheus([family('a-b')])).toThrow(RangeError);
    expect(() => renderPrometheus([family('a', { 'b-c': '1' })])).toThrow(RangeError);
    expect(() => renderPrometheus([family('a'), family('a')])).toThrow('said twice');
  });
});

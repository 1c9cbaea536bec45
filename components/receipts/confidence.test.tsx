import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Confidence } from './confidence.tsx';

const said = (sigmas: number | null) => renderToStaticMarkup(<Confidence sigmas={sigmas} />).replace(/<[^>]+>/g, '');

it.each<[number | null, string]>([
  [null, ''],
  [0, 'for being read'],
  [1_000, 'faint, 1.0 × noise'],
  [2_999, 'faint, 2.9 × noise'],
  [3_000, 'weak, 3.0 × noise'],
  [4_999, 'weak, 4.9 × noise'],
  [5_000, 'clear, 5.0 × noise'],
  [10_000, 'strong, 10.0 × noise'],
  [123_456, 'strong, 123.4 × noise'],
])('of %j thousandths of sigma says "%s"', (sigmas, words) => expect(said(sigmas)).toBe(words));

import { expect, it } from 'vitest';
import { baseFit } from './base-fit.ts';

it('says in words whether a base fits, with both figures', () => {
  expect(baseFit(2_200_000_000, 8e9)).toEqual({
    fits: false,
    sentence: 'Will not fit: needs at least 9.0 GB of memory, 8.0 GB is free.',
  });
  expect(baseFit(2_000_000, 8e9)).toEqual({
    fits: true,
    sentence: 'Fits: needs 0.2 GB of memory and some for the rows, 8.0 GB is free.',
  });
});

import type { Method } from './method.ts';
import { cosines, products } from './vectors.ts';

/** The product of the final gradients (TracIn's last checkpoint; Charpiat et al. 2019, arXiv 2102.05262, section 3). */
export const gradientDot: Method = {
  name: 'gradient product',
  score: ({ rowGradients, answerGradients }) => products(answerGradients, rowGradients),
};

/** Their cosine (Charpiat et al. 2019, arXiv 2102.05262, equation 6). */
export const gradientCosine: Method = {
  name: 'gradient cosine',
  score: ({ rowGradients, answerGradients }) => cosines(answerGradients, rowGradients),
};

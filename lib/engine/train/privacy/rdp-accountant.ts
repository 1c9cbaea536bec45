/** Orders at which the Renyi divergence is tracked. Whole ones have a finite sum; more orders could only lower epsilon. */
const orders = [...Array.from({ length: 62 }, (_, i) => i + 2), 72, 80, 96, 128, 160, 192, 256, 384, 512];

/** Whom `privacyEpsilon` accounts for: `steps` releases of a noised sum over a Poisson sample. */
export type SampledGaussian = {
  /** Probability with which each example, on its own, takes part in a step. */
  sampleRate: number;
  /** Standard deviation of the noise in units of the clipping norm. */
  noiseMultiplier: number;
  steps: number;
};

/**
 * Renyi divergence of order `order` (a whole number from 2) of one step of the Poisson-sampled Gaussian mechanism, for
 * data sets that differ by one example added or removed: formula of section 3.3 in Mironov, Talwar and Zhang 2019
 * (arXiv 1908.10530), log(sum_k C(a,k) (1-q)^(a-k) q^k exp((k^2-k)/(2 sigma^2)))/(a-1), summed in log space.
 */
export function sampledGaussianRdp({ sampleRate: q, noiseMultiplier }: SampledGaussian, order: number): number {
  if (q === 0) return 0;
  if (noiseMultiplier === 0) return Number.POSITIVE_INFINITY;
  const variance = noiseMultiplier ** 2;
  if (q === 1) return order / (2 * variance);
  let logBinomial = 0;
  let logSum = order * Math.log1p(-q);
  for (let k = 1; k <= order; k++) {
    logBinomial += Math.log((order - k + 1) / k);
    const term = logBinomial + (order - k) * Math.log1p(-q) + k * Math.log(q) + (k * k - k) / (2 * variance);
    logSum = Math.max(logSum, term) + Math.log1p(Math.exp(-Math.abs(logSum - term)));
  }
  return logSum / (order - 1);
}

/**
 * The epsilon that training spent at `delta`: divergences add up over the steps, then the least bound over all orders by
 * the conversion of Canonne, Kamath and Steinke 2020 (arXiv 2004.00010, proposition 12; also Balle et al. 2020).
 */
export function privacyEpsilon(mechanism: SampledGaussian, delta: number): number {
  const bounds = orders.map((order) => {
    const rdp = mechanism.steps * sampledGaussianRdp(mechanism, order);
    // Total variation is at most sqrt(1 - exp(-KL)) (Bretagnolle and Huber), and KL at most this divergence.
    if (delta ** 2 + Math.expm1(-rdp) > 0) return 0;
    return rdp + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
  });
  return Math.max(0, Math.min(...bounds));
}

import { inheritLicence } from '#lib/kernel/licences.ts';
import { LicenceForbidsError } from './errors.ts';

/**
 * What the licence of the rows (of a mix, the one that all its parts allow) lets a model be: at no price where it forbids selling,
 * not published at all where it forbids handing on. One that is not known is taken as forbidding a price.
 *
 * @throws {LicenceForbidsError}
 */
export function assertLicence(
  license: string,
  { inputWeiPerToken, outputWeiPerToken }: { inputWeiPerToken: string; outputWeiPerToken: string },
): void {
  const inherited = inheritLicence([license]);
  if (!inherited.ok || !inherited.terms.derivatives) throw new LicenceForbidsError(license, 'publishing');
  const isPaid = BigInt(inputWeiPerToken) > 0n || BigInt(outputWeiPerToken) > 0n;
  if (isPaid && !inherited.terms.commercial) throw new LicenceForbidsError(license, 'price');
}

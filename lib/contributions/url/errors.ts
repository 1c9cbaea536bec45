import { BaseError } from '#lib/kernel/base-error.ts';

/** The address is not fetched: it leads elsewhere than to the public Internet, or is no file that we read. */
export class UrlRefusedError extends BaseError {
  readonly code = 'url_refused';
  readonly category = 'invalid';
  constructor(why: string, details?: string) {
    super(why, { fieldErrors: { url: why }, ...(details && { details }) });
  }
}

/** The other server did not answer as it should; it may later. */
export class UrlUnreachableError extends BaseError {
  readonly code = 'url_unreachable';
  readonly category = 'unavailable';
  constructor(host: string, why: string) {
    super(`${host} ${why}. Try again later, or download the file yourself and drop it here.`);
  }
}

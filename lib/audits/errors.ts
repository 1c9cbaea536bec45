import { BaseError } from '#lib/kernel/base-error.ts';

export class AuditForbiddenError extends BaseError {
  readonly code = 'audit_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super("Only the model's owner can ask for an audit. Audits also come by themselves as answers are paid.");
  }
}

export class AuditNotPossibleError extends BaseError {
  readonly code = 'audit_not_possible';
  readonly category = 'conflict';
  constructor(why: 'open' | 'refused' | 'pending') {
    super(
      {
        open: 'An audit of this model waits or runs already. Its result will stand here.',
        refused: 'This model was refused its certificate, which no audit can change. Train again as the reasons say.',
        pending: 'This model has no certificate yet. Its certification comes first, by itself.',
      }[why],
    );
  }
}

export class AuditTooEarlyError extends BaseError {
  readonly code = 'audit_too_early';
  readonly category = 'limited';
  constructor(retryAfterSeconds: number) {
    const hours = Math.max(1, Math.ceil(retryAfterSeconds / 3600));
    super(`One audit a model and day can be asked for. Ask again in ${hours} ${hours === 1 ? 'hour' : 'hours'}.`, {
      retryAfterSeconds,
    });
  }
}

export class CertificateNotFoundError extends BaseError {
  readonly code = 'certificate_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such certificate. A new model gets one after it was measured, which takes some minutes.');
  }
}

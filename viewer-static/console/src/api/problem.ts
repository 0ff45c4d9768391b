/**
 * A failed call in the words of the door that refused it: OperationOutcome (FHIR), Problem Details (RFC 9457), OAuth error or nothing at all.
 * `code` is the hub's stable code (`TREFOIL-…`) where the answer carries one.
 */
export class CallError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly traceId: string | undefined;

  constructor(status: number, message: string, code?: string, traceId?: string) {
    super(message);
    this.name = 'CallError';
    this.status = status;
    this.code = code;
    this.traceId = traceId;
  }
}

/** The call never got an answer. */
export const noAnswer = 0;

const errorCodeSystem = 'https://trefoil-hub.org/fhir/CodeSystem/error-code';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads an error body of any door; never throws. */
export function errorFrom(status: number, body: unknown): CallError {
  if (!isRecord(body)) return new CallError(status, '');
  if (body['resourceType'] === 'OperationOutcome') {
    const issue = (body as unknown as fhir4.OperationOutcome).issue[0];
    const coding = issue?.details?.coding;
    const code = (coding?.find(c => c.system === errorCodeSystem) ?? coding?.[0])?.code;
    return new CallError(status, issue?.diagnostics ?? issue?.details?.text ?? '', code);
  }
  if ('title' in body || 'detail' in body) {
    return new CallError(status, text(body['detail']) ?? text(body['title']) ?? '', text(body['code']), text(body['traceId']));
  }
  return new CallError(status, text(body['error_description']) ?? '', text(body['error']));
}

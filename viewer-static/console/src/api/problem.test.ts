import { describe, expect, it } from 'vitest';
import { errorFrom } from './problem';

describe('errorFrom', () => {
  it('should take the hub code of an OperationOutcome', () => {
    const error = errorFrom(403, {
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'forbidden',
          diagnostics: 'no permit',
          details: { coding: [{ system: 'urn:x', code: 'a' }, { system: 'https://trefoil-hub.org/fhir/CodeSystem/error-code', code: 'TREFOIL-ACC-0001' }] },
        },
      ],
    });
    expect(error).toMatchObject({ status: 403, code: 'TREFOIL-ACC-0001', message: 'no permit' });
  });

  it('should read Problem Details with code and trace', () => {
    expect(errorFrom(404, { title: 'Not Found', detail: 'no such study', code: 'TREFOIL-WEB-0002', traceId: 'f00' })).toMatchObject({
      message: 'no such study',
      code: 'TREFOIL-WEB-0002',
      traceId: 'f00',
    });
  });

  it('should read an OAuth error', () => {
    expect(errorFrom(400, { error: 'invalid_grant', error_description: 'code used' })).toMatchObject({ code: 'invalid_grant', message: 'code used' });
  });

  it('should survive bodies that are not JSON objects', () => {
    expect(errorFrom(502, undefined)).toMatchObject({ status: 502, message: '' });
    expect(errorFrom(502, '<html>')).toMatchObject({ status: 502, message: '' });
    expect(errorFrom(500, { resourceType: 'OperationOutcome', issue: [] })).toMatchObject({ status: 500, message: '' });
  });
});

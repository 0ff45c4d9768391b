import { describe, expect, it } from 'vitest';
import { base64url, challengeOf, claimsOf, randomText } from './pkce';

describe('pkce', () => {
  it('should make the challenge of RFC 7636 appendix B', async () => {
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('should make verifiers of legal length and alphabet', () => {
    expect(randomText()).toMatch(/^[\w-]{43}$/);
    expect(randomText()).not.toBe(randomText());
  });

  it('should read claims beyond ASCII', () => {
    const payload = base64url(new TextEncoder().encode(JSON.stringify({ name: '王医生' })));
    expect(claimsOf(`e30.${payload}.x`)).toEqual({ name: '王医生' });
    expect(claimsOf('opaque')).toEqual({});
  });
});

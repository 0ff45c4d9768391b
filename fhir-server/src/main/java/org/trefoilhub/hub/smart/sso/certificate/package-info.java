/**
 * Login with a certificate of a certification authority (CA): the page asks for a challenge, the user's signing device
 * (USB key or cloud CA, reached through a small agent) signs it, the hub checks signature, chain, validity and revocation
 * and looks up whom the certificate belongs to.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.sso.certificate.CertificateProof} (the checks, in order) and
 * {@link org.trefoilhub.hub.smart.sso.certificate.CertificateController} (page, challenge, answer). RSA of 2048 bits or more
 * and SM2 are accepted. A CRL that is missing, too old or not the issuer's own refuses the login: fail closed.
 *
 * <p>It will not ask an OCSP responder and will not fetch what a certificate names: only configured files and addresses are
 * read. {@code docs/certificate-login.md} tells what an agent has to do. Standards: RFC 5280, GM/T 0003.2 (SM2 signatures),
 * GM/T 0009 (user id, encodings).
 */
@NullMarked
package org.trefoilhub.hub.smart.sso.certificate;

import org.jspecify.annotations.NullMarked;

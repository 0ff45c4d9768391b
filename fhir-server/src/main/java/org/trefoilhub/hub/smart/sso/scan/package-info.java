/**
 * Scan-code login: a waiting page shows a QR code, a person who is logged in on a phone confirms, the waiting page is in.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.sso.scan.ScanCodes} (codes from issue to use) and
 * {@link org.trefoilhub.hub.smart.sso.scan.ScanController} (the page that waits; {@code DeviceController} is the page on the
 * phone). A code serves once, lives two minutes, and only the browser session whose page showed it can use it: the secret
 * half never leaves the hub. Codes live in memory; a restart loses them, and the page shows a new one.
 *
 * <p>It will not tell whether a code that is not confirmed ever existed, and it guards against guessing by counting wrong
 * codes per person. Standard: RFC 8628 (the user code, the verification address, the confirmation).
 */
@NullMarked
package org.trefoilhub.hub.smart.sso.scan;

import org.jspecify.annotations.NullMarked;

/**
 * DICOM over TCP: associations of both roles, and the DIMSE services C-ECHO and C-STORE.
 *
 * <p>Start with {@link org.trefoilhub.dicom.net.DicomServer}, which accepts associations and gives their requests to
 * {@link org.trefoilhub.dicom.net.DimseService}s, and with {@link org.trefoilhub.dicom.net.Association}, which opens
 * one and sends. The protocol is the table of PS3.8 section 9.2 ({@code UpperLayerTable}), walked by one thread per
 * association.
 *
 * <p>Data sets are streams: what a peer sends is read from the socket as fast as the receiver consumes it, and never
 * gathered in memory. Every length, count and wait is bounded ({@link org.trefoilhub.dicom.net.ServerOptions}).
 *
 * <p>It knows no archive, no policy and no peer list: an {@link org.trefoilhub.dicom.net.AssociationAcceptor} decides
 * who may talk. It has no TLS, no asynchronous operations (the window is negotiated to 1), and no role reversal.
 *
 * <p>Spec: DICOM PS3.7 (DIMSE), PS3.8 section 9 (upper layer), PS3.4 annex A (verification), annex B (storage).
 */
@NullMarked
package org.trefoilhub.dicom.net;

import org.jspecify.annotations.NullMarked;

/**
 * Programs that measure or torture a hub from outside, through its public addresses only.
 *
 * <p>{@link org.trefoilhub.bench.Bench} is the entry that {@code ./trefoil bench} calls. {@link org.trefoilhub.bench.HubProcess} starts the built hub in a
 * process of its own; {@link org.trefoilhub.bench.KillStorm} stores objects over STOW-RS and C-STORE, kills the hub without warning, starts it again and
 * compares every acknowledged object with what was sent. Nothing here is shipped.
 */
@org.jspecify.annotations.NullMarked
package org.trefoilhub.bench;

/**
 * The rules of the house, over all modules: who may import whom, what stays behind which type, what code never does.
 *
 * <p>Start with {@link org.trefoilhub.hub.architecture.ArchitectureTest}; {@link
 * org.trefoilhub.hub.architecture.ModuleGraphTest} draws the module graph of docs/architecture.md.
 */
@NullMarked
package org.trefoilhub.hub.architecture;

import org.jspecify.annotations.NullMarked;

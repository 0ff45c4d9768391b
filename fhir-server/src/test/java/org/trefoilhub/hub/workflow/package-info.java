/** Tests of the exam's life: the tables pair by pair, events in any order, and one exam through the FHIR door. */
@NullMarked
package org.trefoilhub.hub.workflow;

import org.jspecify.annotations.NullMarked;

/** What the build of the guide needs of FHIR itself. */
package org.trefoilhub.ig;

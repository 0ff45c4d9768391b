/**
 * The data dictionary: keyword, representation and name of every standard data element, and the names of standard UIDs.
 *
 * <p>Start from {@link org.trefoilhub.dicom.dict.DataDictionary} and {@link org.trefoilhub.dicom.dict.UidDictionary}. The
 * tables are the resources {@code elements.tsv} and {@code uids.tsv} of this package, loaded when first used; their
 * headers name the source. {@code data.Tag} is generated from the first one: after a change of the table run the test
 * {@code TagSourceTest} with {@code -Dgolden.update=true}, which writes the source; without it the test checks that both
 * agree.
 *
 * <p>Private dictionaries are not kept. Standards: DICOM PS3.6, PS3.7 annex E.
 */
@NullMarked
package org.trefoilhub.dicom.dict;

import org.jspecify.annotations.NullMarked;

package org.trefoilhub.dicom.pixel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;

/**
 * The attributes that hold for one frame: from its per-frame functional groups, else from the shared ones, else from the
 * top level (PS3.3 section C.7.6.16).
 */
final class FunctionalGroups {

    private final DicomDataset dataset;
    private final @Nullable DicomDataset perFrame;
    private final @Nullable DicomDataset shared;

    private FunctionalGroups(DicomDataset dataset, @Nullable DicomDataset perFrame, @Nullable DicomDataset shared) {
        this.dataset = dataset;
        this.perFrame = perFrame;
        this.shared = shared;
    }

    static FunctionalGroups of(DicomDataset dataset, int frameNumber) {
        List<DicomDataset> frames = dataset.items(Tag.PerFrameFunctionalGroupsSequence);
        List<DicomDataset> shared = dataset.items(Tag.SharedFunctionalGroupsSequence);
        return new FunctionalGroups(
                dataset,
                frameNumber <= frames.size() ? frames.get(frameNumber - 1) : null,
                shared.isEmpty() ? null : shared.get(0));
    }

    /** The first item of a functional group of this frame, or the data set itself. */
    DicomDataset group(int sequenceTag) {
        for (DicomDataset groups : new DicomDataset[] {perFrame, shared}) {
            if (groups != null) {
                List<DicomDataset> items = groups.items(sequenceTag);
                if (!items.isEmpty()) {
                    return items.get(0);
                }
            }
        }
        return dataset;
    }

    DicomDataset dataset() {
        return dataset;
    }

    /** Height of a pixel over its width; 1 if nothing says otherwise. */
    double heightOverWidthOfPixel() {
        double[] aspect = dataset.decimals(Tag.PixelAspectRatio);
        if (aspect.length < 2) {
            aspect = group(Tag.PixelMeasuresSequence).decimals(Tag.PixelSpacing);
        }
        if (aspect.length < 2) {
            aspect = dataset.decimals(Tag.ImagerPixelSpacing);
        }
        if (aspect.length < 2) {
            aspect = dataset.decimals(Tag.NominalScannedPixelSpacing);
        }
        boolean usable = aspect.length >= 2 && aspect[0] > 0 && aspect[1] > 0;
        return usable && Double.isFinite(aspect[0] / aspect[1]) ? aspect[0] / aspect[1] : 1;
    }
}

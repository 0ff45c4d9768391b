package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * JPEG-LS, lossless and near-lossless, of 2 to 16 bits, components one after the other or interleaved by line or sample.
 *
 * <p>Components are sampled alike. Mapping tables, restart intervals, colour transforms of APP8 segments and point
 * transforms are refused. Colours are what the data set says.
 *
 * <p>Specification: ISO/IEC 14495-1 (ITU-T T.87), PS3.5 sections 8.2.3 and A.4.3.
 */
public final class JpegLsDecoder implements PixelCodec.Decoder {

    @Override
    public byte[] decode(byte[] frame, PixelDescription d) throws DicomFormatException {
        Samples.checkSize(d);
        return new JpegLsScans(frame, d).decode();
    }

    @Override
    public PixelDescription decoded(byte[] frame, PixelDescription d) {
        return d.photometricInterpretation().equals("YBR_FULL_422") ? d.asDecoded("YBR_FULL") : d.asDecoded();
    }
}

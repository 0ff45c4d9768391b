package org.trefoilhub.dicom.pixel.codec;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * Finds image readers through {@code javax.imageio} and reads rasters with them: no colour conversion, nothing cached
 * on disk, and whatever a library throws at a broken stream becomes a {@link DicomFormatException}.
 */
final class ImageReaders {

    private ImageReaders() {}

    /**
     * The reader of a format that is part of the JDK or, with {@code ofJdk} false, of a library beside it.
     *
     * @return null if there is none on the class path
     */
    static @Nullable ImageReaderSpi find(String formatName, boolean ofJdk) {
        IIORegistry registry = IIORegistry.getDefaultInstance();
        ImageReaderSpi found = find(registry, formatName, ofJdk);
        if (found == null && !ofJdk) {
            // The registry asks the class loader of whichever thread came first; ours is the one that has the library.
            registry.registerServiceProviders(
                    ServiceLoader.load(ImageReaderSpi.class, ImageReaders.class.getClassLoader())
                            .iterator());
            found = find(registry, formatName, false);
        }
        return found;
    }

    private static @Nullable ImageReaderSpi find(IIORegistry registry, String formatName, boolean ofJdk) {
        Predicate<ImageReaderSpi> isJdk = spi -> spi.getClass().getModule().isNamed()
                && spi.getClass().getModule().getName().equals("java.desktop");
        Iterator<ImageReaderSpi> providers = registry.getServiceProviders(ImageReaderSpi.class, true);
        while (providers.hasNext()) {
            ImageReaderSpi spi = providers.next();
            if (isJdk.test(spi) != ofJdk) {
                continue;
            }
            for (String name : spi.getFormatNames()) {
                if (name.equalsIgnoreCase(formatName)) {
                    return spi;
                }
            }
        }
        return null;
    }

    /**
     * Decodes the first image of a stream as it is coded.
     *
     * @throws DicomFormatException if the reader refuses the stream or warns that data is missing
     */
    static Raster read(ImageReaderSpi spi, byte[] stream) throws DicomFormatException {
        Truncation truncation = new Truncation();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(stream))) {
            ImageReader reader = spi.createReaderInstance();
            try {
                reader.addIIOReadWarningListener(truncation);
                reader.setInput(in, true, true);
                Raster raster = reader.readRaster(0, null);
                if (truncation.seen) {
                    throw new DicomFormatException(
                            ErrorCode.BAD_PIXEL_DATA, "coded frame ends too early: pixel data is cut short");
                }
                return raster;
            } finally {
                reader.dispose();
            }
        } catch (DicomFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Libraries meet broken streams with index, argument and state exceptions of every kind.
            DicomFormatException refused = new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "coded frame is broken or not of a kind that can be decoded");
            refused.initCause(e);
            throw refused;
        }
    }

    private static final class Truncation implements IIOReadWarningListener {
        private boolean seen;

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            if (warning.contains("remature end")) {
                seen = true;
            }
        }
    }
}

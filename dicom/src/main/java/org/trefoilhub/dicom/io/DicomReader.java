package org.trefoilhub.dicom.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.dict.DataDictionary;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * Reads DICOM files (PS3.10 section 7) and data sets (PS3.5 section 7).
 *
 * <p>Files are read by random access: values above {@link ReadOptions#bulkThresholdBytes} and all pixel data of the top
 * level stay in the file, and only their places are remembered; files of any size are fine. Streams and deflated data sets
 * are read into memory within the limits of {@link ReadOptions}. Bad content throws {@link DicomFormatException}, failing
 * media another {@link IOException}. A standard element written as UN is given its representation of the dictionary.
 * Thread-safe; it keeps no state.
 */
public final class DicomReader {

    private static final int PREAMBLE_BYTES = 128;
    private static final Pattern UID = Pattern.compile("[0-9]+(\\.[0-9]+)*");

    private DicomReader() {}

    /**
     * Reads a file, with or without preamble and file meta information. Without them the transfer syntax is guessed
     * between the three uncompressed ones.
     *
     * @throws DicomFormatException if this is not DICOM, broken, or beyond a limit
     */
    public static DicomFile read(Path file, ReadOptions options) throws IOException {
        try (ByteSource source = ByteSource.of(file)) {
            return read(file, source, options);
        }
    }

    private static DicomFile read(Path file, ByteSource source, ReadOptions options) throws IOException {
        DatasetParser parser = new DatasetParser(source, options);
        boolean prefixed = source.has(PREAMBLE_BYTES + 4)
                && source.unsignedByte(PREAMBLE_BYTES) == 'D'
                && source.unsignedByte(PREAMBLE_BYTES + 1) == 'I'
                && source.unsignedByte(PREAMBLE_BYTES + 2) == 'C'
                && source.unsignedByte(PREAMBLE_BYTES + 3) == 'M';
        if (prefixed) {
            source.skip(PREAMBLE_BYTES + 4);
        } else {
            parser.warn("no preamble");
        }
        if (!source.has(8)) {
            throw new DicomFormatException(
                    ErrorCode.NOT_DICOM, -1, source.position(), "no data element where a data set should start");
        }
        DicomDataset fileMeta = DicomDataset.EMPTY;
        TransferSyntax syntax;
        if (source.unsignedShort(0, false) == 0x0002) {
            fileMeta = fileMeta(source, parser);
            syntax = declared(fileMeta, source, parser);
        } else {
            parser.warn("no file meta information");
            syntax = guess(source)
                    .orElseThrow(() -> new DicomFormatException(
                            ErrorCode.NOT_DICOM, -1, source.position(), "not a DICOM file or data set"));
        }
        long datasetOffset = source.position();
        if (!syntax.deflated()) {
            TransferSyntax found = corrected(syntax, source, parser);
            DicomDataset dataset = parser.parse(found.explicitVr(), found.bigEndian(), source.size());
            return new DicomFile(file, fileMeta, dataset, found, datasetOffset, parser.warnings());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(datasetOffset);
            List<String> warnings = new ArrayList<>(parser.warnings());
            DicomDataset dataset = inflate(Channels.newInputStream(channel), syntax, options, warnings);
            return new DicomFile(file, fileMeta, dataset, syntax, datasetOffset, warnings);
        }
    }

    private static DicomDataset fileMeta(ByteSource source, DatasetParser parser) throws IOException {
        long start = source.position();
        boolean lengthGiven = source.unsignedShort(2, false) == 0
                && source.has(12)
                && (source.unsignedShort(6, false) == 4 || source.integer(4, false) == 4);
        long end = source.size();
        if (lengthGiven) {
            long length = source.integer(8, false) & 0xFFFFFFFFL;
            if (length <= source.size() - start - 12) {
                end = start + 12 + length;
            } else {
                parser.warn("file meta information longer than the file");
            }
        } else {
            parser.warn("no length of the file meta information");
        }
        DicomDataset fileMeta;
        try {
            fileMeta = parser.parseFileMeta(end);
        } catch (DicomFormatException e) {
            if (end == source.size() || e.code() != ErrorCode.LENGTH_EXCEEDS_CONTAINER) {
                throw e;
            }
            // The length is wrong rather than the elements: let the group number tell where they end.
            parser.warn("wrong length of the file meta information");
            source.seekBack(start);
            return parser.parseFileMeta(source.size());
        }
        if (lengthGiven && end != source.size() && source.position() != end) {
            parser.warn("wrong length of the file meta information");
        }
        if (source.position() == end
                && !isDeflated(fileMeta)
                && source.has(8)
                && source.unsignedShort(0, false) == 0x0002
                && VR.of(source.unsignedByte(4), source.unsignedByte(5)) != null) {
            parser.warn("wrong length of the file meta information");
            DicomDataset.Builder all = fileMeta.toBuilder();
            parser.parseFileMeta(source.size()).forEach(all::put);
            return all.build();
        }
        return fileMeta;
    }

    private static boolean isDeflated(DicomDataset fileMeta) {
        String uid = fileMeta.string(Tag.TransferSyntaxUID);
        return uid != null
                && TransferSyntax.of(uid).filter(TransferSyntax::deflated).isPresent();
    }

    private static TransferSyntax declared(DicomDataset fileMeta, ByteSource source, DatasetParser parser)
            throws IOException {
        String uid = fileMeta.string(Tag.TransferSyntaxUID);
        if (uid == null) {
            throw new DicomFormatException(
                    ErrorCode.NO_TRANSFER_SYNTAX,
                    Tag.TransferSyntaxUID,
                    source.position(),
                    "file meta information without a transfer syntax");
        }
        Optional<TransferSyntax> known = TransferSyntax.of(uid);
        if (known.isPresent()) {
            return known.get();
        }
        if (uid.length() > 64 || !UID.matcher(uid).matches()) {
            throw new DicomFormatException(
                    ErrorCode.BAD_TRANSFER_SYNTAX,
                    Tag.TransferSyntaxUID,
                    source.position(),
                    "transfer syntax is not a valid UID");
        }
        parser.warn("unknown transfer syntax");
        TransferSyntax unknown = TransferSyntax.ofUnknown(uid);
        Optional<TransferSyntax> guessed = guess(source);
        return guessed.isEmpty()
                ? unknown
                : new TransferSyntax(
                        uid,
                        unknown.name(),
                        guessed.get().explicitVr(),
                        guessed.get().bigEndian(),
                        false,
                        unknown.encapsulated());
    }

    /** A data set that plainly is not in the syntax it claims is read in the one it is in. */
    private static TransferSyntax corrected(TransferSyntax syntax, ByteSource source, DatasetParser parser)
            throws IOException {
        if (syntax.encapsulated() || !source.has(8)) {
            return syntax;
        }
        boolean letters = VR.of(source.unsignedByte(4), source.unsignedByte(5)) != null;
        boolean same = syntax.explicitVr() == letters
                && (syntax.bigEndian() ? source.unsignedByte(0) == 0 : source.unsignedByte(1) == 0 || !letters);
        if (same) {
            return syntax;
        }
        Optional<TransferSyntax> guessed = guess(source);
        if (guessed.isEmpty() || guessed.get().equals(syntax)) {
            return syntax;
        }
        parser.warn("data set in another transfer syntax than declared");
        return guessed.get();
    }

    /** The uncompressed syntax that the first element is in, or empty if it does not look like an element. */
    private static Optional<TransferSyntax> guess(ByteSource source) throws IOException {
        if (!source.has(8)) {
            return Optional.empty();
        }
        boolean letters = VR.of(source.unsignedByte(4), source.unsignedByte(5)) != null;
        if (letters && source.unsignedByte(0) == 0 && source.unsignedByte(1) != 0) {
            return Optional.of(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
        }
        if (source.unsignedByte(1) != 0) {
            return Optional.empty();
        }
        if (letters) {
            return Optional.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        int tag = source.unsignedShort(0, false) << 16 | source.unsignedShort(2, false);
        long length = source.integer(4, false) & 0xFFFFFFFFL;
        boolean known =
                Tag.element(tag) == 0 ? length == 4 : DataDictionary.of(tag).isPresent();
        return known && length <= source.size() - source.position() - 8
                ? Optional.of(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                : Optional.empty();
    }

    /**
     * Reads a data set without file meta information from a stream, to its end or the stop tag, into memory. The stream is
     * not closed, and may have been read further than the last element.
     *
     * @throws DicomFormatException if the bytes are not a data set in that syntax, or beyond a limit
     */
    public static DicomDataset readDataset(InputStream in, TransferSyntax syntax, ReadOptions options)
            throws IOException {
        if (syntax.deflated()) {
            return inflate(in, syntax, options, new ArrayList<>());
        }
        return new DatasetParser(ByteSource.of(in), options)
                .parse(syntax.explicitVr(), syntax.bigEndian(), Long.MAX_VALUE);
    }

    private static DicomDataset inflate(
            InputStream in, TransferSyntax syntax, ReadOptions options, List<String> warnings) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            InputStream plain = new BoundedInflater(in, inflater, options.maxInflatedBytes());
            DatasetParser parser = new DatasetParser(ByteSource.of(plain), options);
            DicomDataset dataset = parser.parse(syntax.explicitVr(), syntax.bigEndian(), Long.MAX_VALUE);
            warnings.addAll(parser.warnings());
            return dataset;
        } catch (ZipException e) {
            DicomFormatException bad =
                    new DicomFormatException(ErrorCode.BAD_DEFLATE, "deflated data set cannot be inflated");
            bad.initCause(e);
            throw bad;
        } finally {
            inflater.end();
        }
    }

    /** Inflates raw deflate (RFC 1951) up to a limit; a missing end of the compressed stream is the end of input. */
    private static final class BoundedInflater extends FilterInputStream {
        private final long limit;
        private long total;

        BoundedInflater(InputStream in, Inflater inflater, long limit) {
            super(new InflaterInputStream(in, inflater, 8 << 10));
            this.limit = limit;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int read;
            try {
                read = super.read(into, at, length);
            } catch (java.io.EOFException e) {
                return -1; // the parser finds out whether an element is cut
            }
            if (read > 0) {
                total += read;
                if (total > limit) {
                    throw new DicomFormatException(
                            ErrorCode.INFLATED_TOO_LONG, "deflated data set grows beyond " + limit + " bytes");
                }
            }
            return read;
        }
    }
}

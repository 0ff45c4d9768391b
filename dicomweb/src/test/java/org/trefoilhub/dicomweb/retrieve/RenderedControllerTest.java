package org.trefoilhub.dicomweb.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.MethodParameter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.pixel.FrameIndex;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.BulkData;
import org.trefoilhub.dicomweb.archive.MetadataDocument;
import org.trefoilhub.dicomweb.archive.QidoQuery;
import org.trefoilhub.dicomweb.archive.QueryLevel;
import org.trefoilhub.dicomweb.archive.SearchPage;
import org.trefoilhub.dicomweb.archive.StoreContext;
import org.trefoilhub.dicomweb.archive.StoreOutcome;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.archive.StudySummary;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

class RenderedControllerTest {

    private static final String SERIES = "/dicom-web/studies/1.2/series/1.2.3";
    private static final Subject SUBJECT =
            new Subject("test", null, Set.of(), Set.of(), Clearance.N, Set.of("system/*.rs"), null);

    @TempDir
    Path folder;

    private final Map<String, FileInstance> instances = new LinkedHashMap<>();
    private MockMvc mvc;

    @BeforeEach
    void openTheDoor() {
        RenderingProperties properties =
                new RenderingProperties(1, Duration.ofSeconds(5), DataSize.ofMegabytes(16), DataSize.ofMegabytes(1));
        mvc = MockMvcBuilders.standaloneSetup(
                        new RenderedController((subject, door) -> new Session(), new RenderedImages(properties)))
                .setCustomArgumentResolvers(new SubjectResolver())
                .build();
    }

    @Test
    void shouldRenderAnInstanceAsJpegUnlessPngIsAskedFor() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        MockHttpServletResponse jpeg = get("/instances/1.1/rendered", "Accept", "*/*");
        assertThat(jpeg.getStatus()).isEqualTo(200);
        assertThat(jpeg.getContentType()).isEqualTo("image/jpeg");
        assertThat(jpeg.getHeader("ETag")).startsWith("\"tag-1.1-");
        assertThat(picture(jpeg).getWidth()).isEqualTo(64);
        MockHttpServletResponse png = get("/instances/1.1/rendered", "Accept", "image/png;q=0.9, image/jpeg;q=0.1");
        assertThat(png.getContentType()).isEqualTo("image/png");
        assertThat(picture(png).getRaster().getSample(0, 0, 0)).isZero();
        assertThat(picture(png).getRaster().getSample(63, 0, 0)).isEqualTo(255);
    }

    @Test
    void shouldLetTheQueryParameterWinOverTheHeader() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        MockHttpServletResponse response = get(
                "/instances/1.1/thumbnail?accept=image%2Fjpeg",
                "Accept", "multipart/related; type=\"application/octet-stream\"");
        assertThat(response.getContentType()).isEqualTo("image/jpeg");
        assertRefused(DicomwebErrorCode.NOT_ACCEPTABLE, "/instances/1.1/rendered", "Accept", "application/dicom+json");
    }

    @Test
    void shouldFitTheViewportApplyTheWindowAndCheckParameters() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        BufferedImage thumbnail = picture(get("/instances/1.1/thumbnail?viewport=32%2C32", "Accept", "image/jpeg"));
        assertThat(thumbnail.getWidth()).isEqualTo(32);
        assertThat(thumbnail.getHeight()).isEqualTo(16);
        BufferedImage windowed =
                picture(get("/instances/1.1/rendered?window=10,2,linear-exact&viewport=64,32", "Accept", "image/png"));
        assertThat(windowed.getRaster().getSample(9, 0, 0)).isZero();
        assertThat(windowed.getRaster().getSample(12, 0, 0)).isEqualTo(255);
        for (String query : List.of("viewport=0,1", "viewport=a", "window=1", "window=1,2,cubic", "quality=101")) {
            assertRefused(DicomwebErrorCode.BAD_REQUEST, "/instances/1.1/rendered?" + query, "Accept", "*/*");
        }
    }

    @Test
    void shouldRenderTheFrameThatIsNamed() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 3);
        assertThat(get("/instances/1.1/frames/3/rendered", "Accept", "image/jpeg")
                        .getStatus())
                .isEqualTo(200);
        assertRefused(DicomwebErrorCode.NOT_FOUND, "/instances/1.1/frames/4/rendered", "Accept", "*/*");
        assertRefused(DicomwebErrorCode.BAD_REQUEST, "/instances/1.1/frames/0/thumbnail", "Accept", "*/*");
        assertRefused(DicomwebErrorCode.NOT_IMPLEMENTED, "/instances/1.1/frames/1,2/rendered", "Accept", "*/*");
        assertRefused(DicomwebErrorCode.NOT_FOUND, "/instances/9.9/rendered", "Accept", "*/*");
    }

    @Test
    void shouldAnswerNotModifiedWithoutRendering() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        String tag = get("/instances/1.1/thumbnail", "Accept", "*/*").getHeader("ETag");
        assertThat(get("/instances/1.1/thumbnail", "If-None-Match", tag).getStatus())
                .isEqualTo(304);
        assertThat(get("/instances/1.1/thumbnail?viewport=32,32", "If-None-Match", tag)
                        .getStatus())
                .isEqualTo(200);
    }

    @Test
    void shouldNameTheTransferSyntaxThatCannotBeDecoded() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        instances.get("1.1").transferSyntaxUid = TransferSyntax.HTJ2K.uid();
        ArchiveException refused =
                assertRefused(DicomwebErrorCode.NOT_RENDERABLE, "/instances/1.1/rendered", "Accept", "*/*");
        assertThat(refused).hasMessageContaining("1.2.840.10008.1.2.4.203");
    }

    @Test
    void shouldLetOneInstanceStandForItsSeries() throws Exception {
        image("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        image("1.2", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        image("1.3", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 1);
        assertThat(get("/thumbnail", "Accept", "*/*").getHeader("ETag")).startsWith("\"tag-1.2-");
        instances.get("1.2").transferSyntaxUid = TransferSyntax.HTJ2K.uid();
        assertThat(get("/rendered", "Accept", "*/*").getHeader("ETag")).startsWith("\"tag-1.3-");
    }

    @Test
    void shouldServeADocumentAndAVideoInParts() throws Exception {
        byte[] document = "%PDF-1.4 not really".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        store(
                "2.1",
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                DicomDataset.builder()
                        .put(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.104.1")
                        .putBytes(Tag.EncapsulatedDocument, VR.OB, document)
                        .build(),
                0);
        MockHttpServletResponse pdf = get("/instances/2.1/rendered", "Accept", "*/*");
        assertThat(pdf.getContentType()).isEqualTo("application/pdf");
        assertThat(pdf.getContentAsByteArray()).startsWith(document);
        assertRefused(DicomwebErrorCode.NOT_RENDERABLE, "/instances/2.1/thumbnail", "Accept", "*/*");

        byte[] video = new byte[500];
        for (int i = 0; i < video.length; i++) {
            video[i] = (byte) i;
        }
        DicomValue.Fragments fragments = new DicomValue.Fragments(List.of(
                new DicomValue.Fragment(-1, 0, new byte[0]),
                new DicomValue.Fragment(-1, 300, Arrays.copyOf(video, 300)),
                new DicomValue.Fragment(-1, 200, Arrays.copyOfRange(video, 300, 500))));
        store(
                "3.1",
                TransferSyntax.MPEG4_HP41,
                description(10)
                        .put(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.77.1.1.1")
                        .put(new DicomElement(Tag.PixelData, VR.OB, fragments))
                        .build(),
                10);
        MockHttpServletResponse part = get("/instances/3.1/rendered", "Range", "bytes=290-309");
        assertThat(part.getStatus()).isEqualTo(206);
        assertThat(part.getContentType()).isEqualTo("video/mp4");
        assertThat(part.getHeader("Content-Range")).isEqualTo("bytes 290-309/500");
        assertThat(part.getContentAsByteArray()).isEqualTo(Arrays.copyOfRange(video, 290, 310));
        MockHttpServletResponse all = get("/instances/3.1/rendered", "Accept", "*/*");
        assertThat(all.getContentAsByteArray()).isEqualTo(video);
        assertThat(get("/instances/3.1/rendered", "Range", "bytes=500-").getStatus())
                .isEqualTo(416);
        assertRefused(DicomwebErrorCode.NOT_RENDERABLE, "/instances/3.1/thumbnail", "Accept", "*/*");
    }

    private ArchiveException assertRefused(DicomwebErrorCode code, String path, String header, String value) {
        Throwable thrown = catchThrowable(() -> get(path, header, value));
        assertThat(thrown).as(path).isNotNull();
        assertThat(thrown.getCause()).as(path).isInstanceOf(ArchiveException.class);
        ArchiveException refused = (ArchiveException) thrown.getCause();
        assertThat(refused.code()).as(path).isEqualTo(code);
        return refused;
    }

    private MockHttpServletResponse get(String path, String header, @Nullable String value) throws Exception {
        return mvc.perform(MockMvcRequestBuilders.get(java.net.URI.create(SERIES + path))
                        .header(header, value))
                .andReturn()
                .getResponse();
    }

    private static BufferedImage picture(MockHttpServletResponse response) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(response.getContentAsByteArray()));
    }

    private static DicomDataset.Builder description(int frames) {
        return DicomDataset.builder()
                .putInts(Tag.SamplesPerPixel, VR.US, 1)
                .put(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                .put(Tag.NumberOfFrames, VR.IS, Integer.toString(frames))
                .putInts(Tag.Rows, VR.US, 32)
                .putInts(Tag.Columns, VR.US, 64)
                .putInts(Tag.BitsAllocated, VR.US, 16)
                .putInts(Tag.BitsStored, VR.US, 12)
                .putInts(Tag.HighBit, VR.US, 11)
                .putInts(Tag.PixelRepresentation, VR.US, 0);
    }

    /** A ramp of 0 to 63 from left to right. */
    private void image(String uid, TransferSyntax syntax, int frames) throws IOException {
        byte[] pixels = new byte[2 * 64 * 32 * frames];
        for (int i = 0; i < pixels.length; i += 2) {
            pixels[i] = (byte) (i / 2 % 64);
        }
        DicomDataset dataset = description(frames)
                .put(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.7.3")
                .putBytes(Tag.PixelData, VR.OW, pixels)
                .build();
        store(uid, syntax, dataset, frames);
    }

    private void store(String uid, TransferSyntax syntax, DicomDataset dataset, int frames) throws IOException {
        Path path = folder.resolve(uid + ".dcm");
        String sopClass = dataset.string(Tag.SOPClassUID);
        try (OutputStream out = Files.newOutputStream(path)) {
            DicomWriter.writeFile(out, DicomWriter.fileMeta(sopClass, uid, syntax), dataset, null);
        }
        instances.put(uid, new FileInstance(uid, sopClass, syntax.uid(), frames, path));
    }

    /** An instance whose object is a file. */
    private static final class FileInstance implements StoredInstance {
        private final String uid;
        private final String sopClassUid;
        private String transferSyntaxUid;
        private final int frames;
        private final Path path;

        FileInstance(String uid, String sopClassUid, String transferSyntaxUid, int frames, Path path) {
            this.uid = uid;
            this.sopClassUid = sopClassUid;
            this.transferSyntaxUid = transferSyntaxUid;
            this.frames = frames;
            this.path = path;
        }

        @Override
        public boolean withheld() {
            return false;
        }

        @Override
        public String studyInstanceUid() {
            return "1.2";
        }

        @Override
        public String seriesInstanceUid() {
            return "1.2.3";
        }

        @Override
        public String sopInstanceUid() {
            return uid;
        }

        @Override
        public String sopClassUid() {
            return sopClassUid;
        }

        @Override
        public String transferSyntaxUid() {
            return transferSyntaxUid;
        }

        @Override
        public int numberOfFrames() {
            return frames;
        }

        @Override
        public long lengthBytes() {
            return path.toFile().length();
        }

        @Override
        public String entityTag() {
            return "tag-" + uid;
        }

        @Override
        public InputStream openObject() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public InputStream openObject(long offset, long lengthBytes) throws IOException {
            byte[] bytes = Files.readAllBytes(path);
            return new ByteArrayInputStream(bytes, (int) offset, (int) lengthBytes);
        }

        @Override
        public FrameIndex frameIndex() {
            try {
                return FrameIndex.of(open());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public long frameLengthBytes(int frame) {
            return frameIndex().length(frame);
        }

        @Override
        public InputStream openFrame(int frame) {
            throw new UnsupportedOperationException("rendering reads the file");
        }

        @Override
        public String frameMediaType() {
            return "video/mp4";
        }

        @Override
        public Optional<BulkData> bulkData(String place) throws IOException {
            byte[] bytes = open().dataset().bytes((int) Long.parseLong(place, 16));
            return bytes == null ? Optional.empty() : Optional.of(new InMemory(bytes));
        }

        @Override
        public DicomFile open() throws IOException {
            return DicomReader.read(path, ReadOptions.DEFAULT);
        }
    }

    private record InMemory(byte[] bytes) implements BulkData {
        @Override
        public int tag() {
            return Tag.EncapsulatedDocument;
        }

        @Override
        public VR vr() {
            return VR.OB;
        }

        @Override
        public long lengthBytes() {
            return bytes.length;
        }

        @Override
        public InputStream open(long offset, long lengthBytes) {
            return new ByteArrayInputStream(bytes, (int) offset, (int) lengthBytes);
        }

        @Override
        public String mediaType() {
            return "application/pdf";
        }
    }

    private final class Session implements ArchiveSession {
        @Override
        public void require(Action action, String studyInstanceUid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<StoredInstance> instance(String study, String series, String uid) {
            return Optional.ofNullable(instances.get(uid));
        }

        @Override
        public List<StoredInstance> instances(String study, @Nullable String series) {
            return List.copyOf(instances.values());
        }

        @Override
        public StoreOutcome store(InputStream object, StoreContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SearchPage search(QueryLevel level, QidoQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<MetadataDocument> metadata(String study, @Nullable String series, @Nullable String instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<StudySummary> study(String study) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int delete(String study, @Nullable String series, @Nullable String instance) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class SubjectResolver implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Subject.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binder) {
            return SUBJECT;
        }
    }
}

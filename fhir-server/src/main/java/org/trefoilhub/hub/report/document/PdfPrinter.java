package org.trefoilhub.hub.report.document;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.PDExtendedGraphicsState;
import org.apache.pdfbox.util.Matrix;

/**
 * Makes PDF of a page and marks every page of a document.
 *
 * <p>The page reaches nothing outside itself: only images inside it are loaded. Two documents at the same time, because each
 * holds the whole font. Thread-safe.
 */
final class PdfPrinter {

    static final String FAMILY = "Noto Sans SC";

    private static final String FONT = "NotoSansSC-Regular.ttf";
    private static final float SIZE = 15f;
    private static final float STEP = 190f;

    private final Semaphore turns = new Semaphore(2, true);
    private final byte[] font;

    PdfPrinter() throws IOException {
        try (InputStream stream = PdfPrinter.class.getResourceAsStream(FONT)) {
            if (stream == null) {
                throw new IOException("the font of printed reports is missing");
            }
            font = stream.readAllBytes();
        }
    }

    /**
     * A page as PDF with a mark on every sheet.
     *
     * @param html well-formed
     * @param mark who printed it and when
     */
    byte[] print(String html, String mark) throws IOException {
        turns.acquireUninterruptibly();
        try {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            new PdfRendererBuilder()
                    .useFastMode()
                    .useFont(() -> new ByteArrayInputStream(font), FAMILY)
                    .useUriResolver((base, address) -> address.startsWith("data:image/") ? address : null)
                    .withHtmlContent(html, null)
                    .withProducer("Trefoil Hub")
                    .toStream(plain)
                    .run();
            return stamp(plain.toByteArray(), mark);
        } finally {
            turns.release();
        }
    }

    /**
     * The original document with a mark on every sheet.
     *
     * @throws IOException when it is no PDF that can be read, or may not be changed
     */
    byte[] marked(byte[] original, String mark) throws IOException {
        turns.acquireUninterruptibly();
        try {
            return stamp(original, mark);
        } finally {
            turns.release();
        }
    }

    private byte[] stamp(byte[] pdf, String mark) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf);
                TrueTypeFont glyphs = new TTFParser().parse(new RandomAccessReadBuffer(font))) {
            PDFont own = PDType0Font.load(document, glyphs, true);
            String text = encodable(own, mark);
            PDExtendedGraphicsState faint = new PDExtendedGraphicsState();
            faint.setNonStrokingAlphaConstant(0.16f);
            for (PDPage page : document.getPages()) {
                float width = page.getMediaBox().getWidth();
                float height = page.getMediaBox().getHeight();
                try (PDPageContentStream content =
                        new PDPageContentStream(document, page, AppendMode.APPEND, true, true)) {
                    content.setGraphicsStateParameters(faint);
                    content.setFont(own, SIZE);
                    for (float y = 60; y < height; y += STEP) {
                        // Dark for paper, light for images.
                        write(content, text, width * 0.1f, y, 0.25f);
                        write(content, text, width * 0.1f + 0.8f, y - 0.8f, 1f);
                    }
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        }
    }

    private static void write(PDPageContentStream content, String text, float x, float y, float grey)
            throws IOException {
        content.setNonStrokingColor(grey);
        content.beginText();
        content.setTextMatrix(Matrix.getRotateInstance(Math.toRadians(24), x, y));
        content.showText(text);
        content.endText();
    }

    /** The characters that the font has. */
    private static String encodable(PDFont font, String text) {
        StringBuilder known = new StringBuilder();
        text.codePoints().forEach(point -> {
            String one = Character.toString(point);
            try {
                font.encode(one);
                known.append(one);
            } catch (IOException | IllegalArgumentException e) {
                known.append('?');
            }
        });
        return known.toString();
    }
}

package org.trefoilhub.hub.imaging;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How far a projection has read the change feed; one row per projection in {@code trefoil.projection_offset}.
 *
 * <p>Joins the caller's transaction.
 */
final class FeedOffset {

    private final JdbcClient jdbc;
    private final String projection;

    FeedOffset(JdbcClient jdbc, String projection) {
        this.jdbc = jdbc;
        this.projection = projection;
    }

    /** Sequence of the last entry handled, 0 before the first. */
    long read() {
        return jdbc.sql("select position from trefoil.projection_offset where projection = ?")
                .param(projection)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** Records that everything up to this sequence is handled. */
    void write(long sequence) {
        int rows = jdbc.sql("update trefoil.projection_offset set position = ? where projection = ?")
                .param(sequence)
                .param(projection)
                .update();
        if (rows == 0) {
            jdbc.sql("insert into trefoil.projection_offset (projection, position) values (?, ?)")
                    .param(projection)
                    .param(sequence)
                    .update();
        }
    }
}

package dev.countersign.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/// A request's body as it comes in, for the thread that answers: it waits until there is something.
///
/// What is wrong with the body is found while it is read: broken chunks, an end before the end, a connection that
/// [Deadlines] closed. All of it is an [IOException].
final class Body {
    private final Content.Source source;

    Body(Content.Source source) {
        this.source = source;
    }

    /// At most that many bytes; fewer only when the body ends there.
    byte[] take(int most) throws IOException {
        var taken = new ByteArrayOutputStream();
        transfer(most, taken);
        return taken.toByteArray();
    }

    /// Lets that many bytes go by, or all when there are fewer.
    void skip(int most) throws IOException {
        transfer(most, OutputStream.nullOutputStream());
    }

    private void transfer(int most, OutputStream to) throws IOException {
        int left = most;
        boolean over = false;
        while (left > 0 && !over) {
            var piece = next();
            try {
                if (Content.Chunk.isFailure(piece)) {
                    throw new IOException("the body does not come to its end", piece.getFailure());
                }
                var bytes = piece.getByteBuffer();
                bytes.limit(bytes.position() + Math.min(left, bytes.remaining()));
                left -= bytes.remaining();
                BufferUtil.writeTo(bytes, to);
                over = piece.isLast();
            } finally {
                piece.release();
            }
        }
    }

    private Content.Chunk next() throws IOException {
        while (true) {
            var piece = source.read();
            if (piece != null) {
                return piece;
            }
            try (var there = Blocker.runnable()) {
                source.demand(there);
                there.block();
            }
        }
    }
}

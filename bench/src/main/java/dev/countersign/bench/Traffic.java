package dev.countersign.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What connections send, and what has to come back.
interface Traffic {
    /// What the connection of that number sends next.
    ByteBuffer next(int connection);

    /// Looks at the answer to it.
    ///
    /// @throws IOException when it is not what has to come back
    void answered(int connection, Connection answer) throws IOException;

    /// The same request again and again.
    static Traffic same(byte[] request, int status) {
        return new Traffic() {
            @Override
            public ByteBuffer next(int connection) {
                return ByteBuffer.wrap(request);
            }

            @Override
            public void answered(int connection, Connection answer) throws IOException {
                answer.expect(status);
            }
        };
    }
}

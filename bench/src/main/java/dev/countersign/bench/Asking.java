package dev.countersign.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The token requests that are measured.
final class Asking {
    private Asking() {}

    /// Requests that policy approves at once; each connection is one client's.
    static Traffic routine(Folder folder) {
        var requests = new ArrayList<ByteBuffer>();
        for (int i = 0; i < Folder.READERS; i++) {
            requests.add(ByteBuffer.wrap(read(folder, i)));
        }
        return new Traffic() {
            @Override
            public ByteBuffer next(int connection) {
                return requests.get(connection % requests.size()).rewind();
            }

            @Override
            public void answered(int connection, Connection answer) throws IOException {
                answer.expect(200);
            }
        };
    }

    /// One that policy approves at once.
    static byte[] read(Folder folder, int reader) {
        return Connection.request(
                "POST",
                "/token",
                folder.headers("reader-" + reader),
                "grant_type=client_credentials&scope=" + Folder.READ.replace(":", "%3A"));
    }

    /// One that people must approve, on a connection that is held until they have.
    ///
    /// @param ticket tells it from the others, in the reviewers' list
    /// @param seconds how long it is held at most
    static byte[] held(Folder folder, int number, String ticket, int seconds) {
        var body = "grant_type=client_credentials&scope=" + Folder.WRITE.replace(":", "%3A") + "&requested_lifetime="
                + (1_000_000 + number) + "&ticket=" + ticket;
        var headers = folder.headers("writer-" + number % Folder.WRITERS) + "Prefer: wait=" + seconds + "\r\n";
        return Connection.request("POST", "/token", headers, body);
    }

    /// A code to poll with, and whose it is.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Code(int writer, byte[] code) {}

    /// Requests that people must approve, which take a deferred answer. No two ask for the same lifetime, so that none
    /// joins another; policy caps them all.
    static final class Review implements Traffic {
        private static final int FIRST = 2_000_000;
        private static final byte[] CODE = "\"deferral_code\":\"".getBytes(ISO_8859_1);

        /// What was answered, in that order.
        final List<Code> codes = new ArrayList<>();

        private final List<byte[]> requests = new ArrayList<>();
        private final int[] writers = new int[1024]; // of connections
        private int asked;

        Review(Folder folder) {
            for (int i = 0; i < Folder.WRITERS; i++) {
                var body = "grant_type=client_credentials&completion_mode=deferred&scope="
                        + Folder.WRITE.replace(":", "%3A") + "&requested_lifetime=" + FIRST;
                requests.add(Connection.request("POST", "/token", folder.headers("writer-" + i), body));
            }
        }

        @Override
        public ByteBuffer next(int connection) {
            int number = asked++;
            int writer = number % requests.size();
            writers[connection] = writer;
            var digits = Integer.toString(FIRST + number).getBytes(ISO_8859_1);
            return ByteBuffer.wrap(ended(requests.get(writer), digits));
        }

        @Override
        public void answered(int connection, Connection answer) throws IOException {
            answer.expect(400);
            codes.add(new Code(writers[connection], answer.after(CODE, '"')));
        }
    }

    /// Polls with codes whose requests are pending, one code after the other.
    static final class Polling implements Traffic {
        private static final byte[] PENDING = "\"error\":\"".getBytes(ISO_8859_1);
        private static final byte[] WANTED = "authorization_pending".getBytes(ISO_8859_1);

        private final List<Code> codes;
        private final List<byte[]> requests = new ArrayList<>();
        private int asked;

        Polling(Folder folder, List<Code> codes) {
            this.codes = codes;
            var any = "c".repeat(codes.getFirst().code().length);
            for (int i = 0; i < Folder.WRITERS; i++) {
                var body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adeferred&deferral_code=" + any;
                requests.add(Connection.request("POST", "/token", folder.headers("writer-" + i), body));
            }
        }

        @Override
        public ByteBuffer next(int connection) {
            var code = codes.get(asked++ % codes.size());
            return ByteBuffer.wrap(ended(requests.get(code.writer()), code.code()));
        }

        @Override
        public void answered(int connection, Connection answer) throws IOException {
            answer.expect(400);
            if (!Arrays.equals(answer.after(PENDING, '"'), WANTED)) {
                throw new IOException("it does not wait: " + answer.body());
            }
        }
    }

    /// The request with another end. It is sent before the next is asked for.
    private static byte[] ended(byte[] request, byte[] end) {
        System.arraycopy(end, 0, request, request.length - end.length, end.length);
        return request;
    }
}

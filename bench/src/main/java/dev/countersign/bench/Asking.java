package dev.countersign.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// The token requests that are measured.
final class Asking {
    private Asking() {}

    /// Requests that policy approves at once; each connection is one client's.
    static IntFunction<ByteBuffer> routine(Folder folder) {
        var requests = new ArrayList<ByteBuffer>();
        for (int i = 0; i < Folder.READERS; i++) {
            var body = "grant_type=client_credentials&scope=" + Folder.READ.replace(":", "%3A");
            requests.add(ByteBuffer.wrap(Connection.request("POST", "/token", folder.headers("reader-" + i), body)));
        }
        return connection -> requests.get(connection % requests.size()).rewind();
    }

    /// Requests that people must approve, which take a deferred answer. No two ask for the same lifetime, so that none
    /// joins another; policy caps them all.
    static IntFunction<ByteBuffer> review(Folder folder) {
        return new Reviewed(folder)::next;
    }

    /// One that people must approve, on a connection that is held until they have.
    ///
    /// @param ticket tells it from the others, in the reviewers' list
    static byte[] held(Folder folder, int number, String ticket) {
        var body = "grant_type=client_credentials&scope=" + Folder.WRITE.replace(":", "%3A") + "&requested_lifetime="
                + (1_000_000 + number) + "&ticket=" + ticket;
        var headers = folder.headers("writer-" + number % Folder.WRITERS) + "Prefer: wait=60\r\n";
        return Connection.request("POST", "/token", headers, body);
    }

    private static final class Reviewed {
        private static final int FIRST = 2_000_000;
        private static final int DIGITS = 7;

        private final List<byte[]> requests = new ArrayList<>();
        private int asked;

        Reviewed(Folder folder) {
            for (int i = 0; i < Folder.WRITERS; i++) {
                var body = "grant_type=client_credentials&completion_mode=deferred&scope="
                        + Folder.WRITE.replace(":", "%3A") + "&requested_lifetime=" + FIRST;
                requests.add(Connection.request("POST", "/token", folder.headers("writer-" + i), body));
            }
        }

        ByteBuffer next(int connection) {
            int number = asked++;
            var request = requests.get(number % requests.size());
            var digits = Integer.toString(FIRST + number).getBytes(ISO_8859_1);
            System.arraycopy(digits, 0, request, request.length - DIGITS, DIGITS);
            return ByteBuffer.wrap(request);
        }
    }
}

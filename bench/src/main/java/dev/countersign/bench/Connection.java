package dev.countersign.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Locale;

/// One keep-alive connection to a server on this machine, with at most one request on its way. It knows as much
/// HTTP/1.1 as the answers of servers here need (of a body in chunks only where it ends), and allocates nothing for an
/// answer whose body nobody reads.
final class Connection implements AutoCloseable {
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(ISO_8859_1);

    final SocketChannel channel;
    private byte[] answer = new byte[8192];
    private ByteBuffer into = ByteBuffer.wrap(answer);
    private int bodyAt = -1;
    private int end = -1;
    private boolean chunked;
    private long sentAt;

    private Connection(SocketChannel channel) {
        this.channel = channel;
    }

    static Connection open(int port) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new Connection(channel);
    }

    /// A whole request: head and body.
    static byte[] request(String method, String path, String headers, String body) {
        return """
                %s %s HTTP/1.1\r
                Host: 127.0.0.1\r
                User-Agent: countersign-bench/1\r
                %sContent-Length: %d\r
                \r
                %s""".formatted(method, path, headers, body.length(), body).getBytes(ISO_8859_1);
    }

    /// Sends a request, which fits into the socket's buffer.
    void send(ByteBuffer request) throws IOException {
        into.clear();
        bodyAt = -1;
        end = -1;
        sentAt = System.nanoTime();
        channel.write(request);
        if (request.hasRemaining()) {
            throw new IOException("a request did not go out at once");
        }
    }

    /// When the request that is on its way was sent, by [System#nanoTime].
    long sentAt() {
        return sentAt;
    }

    /// Reads what is there; true when the answer is whole.
    boolean receive() throws IOException {
        if (!into.hasRemaining()) {
            grow();
        }
        if (channel.read(into) < 0) {
            throw new EOFException("the server closed a connection");
        }
        if (bodyAt < 0) {
            head();
        }
        return bodyAt >= 0 && (chunked ? ends(LAST_CHUNK) : into.position() >= end);
    }

    /// Sends and waits, on a channel that blocks.
    Connection ask(byte[] request) throws IOException {
        send(ByteBuffer.wrap(request));
        while (!receive()) {
            // the rest is still to come
        }
        return this;
    }

    int status() {
        return (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0';
    }

    /// The value of a header of that name, in lower case; empty when there is none.
    String header(String name) {
        int at = find(("\r\n" + name + ":").getBytes(ISO_8859_1), bodyAt);
        return at < 0 ? "" : new String(until(at + name.length() + 3, (byte) '\r'), ISO_8859_1).strip();
    }

    /// What stands behind a mark in the answer, up to an end.
    byte[] after(byte[] mark, char end) throws IOException {
        int at = find(mark, into.position());
        if (at < 0) {
            throw new IOException("not in it: " + new String(mark, ISO_8859_1) + " in " + body());
        }
        return until(at + mark.length, (byte) end);
    }

    private byte[] until(int from, byte end) {
        int at = from;
        while (answer[at] != end) {
            at++;
        }
        return Arrays.copyOfRange(answer, from, at);
    }

    /// Throws unless the answer has that status.
    void expect(int status) throws IOException {
        if (status() != status) {
            throw new IOException("wanted " + status + ", got " + status() + " " + body());
        }
    }

    String body() {
        return new String(answer, bodyAt, end - bodyAt, UTF_8);
    }

    private void head() {
        int head = find(END_OF_HEAD, into.position());
        if (head < 0) {
            return;
        }
        int length = find(LENGTH, head + 2);
        bodyAt = head + END_OF_HEAD.length;
        end = bodyAt;
        chunked = length < 0 && header("transfer-encoding").equals("chunked");
        if (length >= 0) {
            int at = length + LENGTH.length;
            while (answer[at] == ' ') {
                at++;
            }
            int bytes = 0;
            while (answer[at] != '\r') {
                bytes = bytes * 10 + answer[at++] - '0';
            }
            end += bytes;
        } else if (!chunked && status() != 204 && status() != 303) {
            throw new IllegalStateException(
                    "an answer without a length: " + new String(answer, 0, head, ISO_8859_1).toLowerCase(Locale.ROOT));
        }
    }

    private boolean ends(byte[] with) {
        int from = into.position() - with.length;
        end = from;
        return from >= bodyAt - 2 && Arrays.equals(answer, from, from + with.length, with, 0, with.length);
    }

    private int find(byte[] wanted, int before) {
        for (int at = 0; at + wanted.length <= before; at++) {
            int same = 0;
            while (same < wanted.length && lower(answer[at + same]) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private static byte lower(byte c) {
        return c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
    }

    private void grow() {
        if (answer.length == LARGEST_ANSWER) {
            throw new IllegalStateException("an answer is larger than " + LARGEST_ANSWER + " bytes");
        }
        int came = into.position();
        answer = Arrays.copyOf(answer, answer.length * 2);
        into = ByteBuffer.wrap(answer).position(came);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

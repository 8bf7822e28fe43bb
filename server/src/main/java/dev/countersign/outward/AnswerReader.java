package dev.countersign.outward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads one answer, RFC 9112, from a connection that is closed after it. What two readers could take for
/// different things is refused: two lengths, a length beside chunks, folded lines, an encoding.
final class AnswerReader {
    private static final int MOST_HEAD = 16 * 1024;
    private static final int MOST_INTERIM = 4;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,7})[ \\t]*(?:;.*)?");

    private final InputStream in;
    private final int most;
    private int head;

    /// @param most how many bytes of a body are read
    AnswerReader(InputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    Answer.Said read() throws IOException, Unread {
        for (int interim = 0; interim <= MOST_INTERIM; interim++) {
            int status = status();
            var fields = fields();
            if (status >= 200) {
                return new Answer.Said(status, text(body(status, fields)), fields.getOrDefault("etag", ""));
            }
        }
        throw new Unread(Answer.Silence.NOT_HTTP);
    }

    private int status() throws IOException, Unread {
        var line = STATUS.matcher(line());
        if (!line.matches()) {
            throw new Unread(Answer.Silence.NOT_HTTP);
        }
        int status = Integer.parseInt(line.group(1));
        if (status == 101) { // nobody asked for another protocol
            throw new Unread(Answer.Silence.NOT_HTTP);
        }
        return status;
    }

    private Map<String, String> fields() throws IOException, Unread {
        var fields = new LinkedHashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var field = FIELD.matcher(line);
            if (!field.matches()) {
                throw new Unread(Answer.Silence.NOT_HTTP);
            }
            // Those that are read must not stand there twice.
            fields.merge(field.group(1).toLowerCase(Locale.ROOT), field.group(2), (a, b) -> a + "," + b);
        }
        return fields;
    }

    private byte[] body(int status, Map<String, String> fields) throws IOException, Unread {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        var encoding = fields.getOrDefault("content-encoding", "identity");
        var transfer = fields.getOrDefault("transfer-encoding", "");
        var length = fields.getOrDefault("content-length", "");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new Unread(Answer.Silence.NOT_HTTP);
        }
        if (!transfer.isEmpty()) {
            if (!transfer.equalsIgnoreCase("chunked") || !length.isEmpty()) {
                throw new Unread(Answer.Silence.NOT_HTTP);
            }
            return chunks();
        }
        if (length.isEmpty()) {
            return upTo(in.readNBytes(most + 1));
        }
        if (!LENGTH.matcher(length).matches()) {
            throw new Unread(Answer.Silence.NOT_HTTP);
        }
        return exactly(Integer.parseInt(length), 0);
    }

    private byte[] upTo(byte[] bytes) throws Unread {
        if (bytes.length > most) {
            throw new Unread(Answer.Silence.TOO_LARGE);
        }
        return bytes;
    }

    private byte[] exactly(int length, int before) throws IOException, Unread {
        if (length > most - before) {
            throw new Unread(Answer.Silence.TOO_LARGE);
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new Unread(Answer.Silence.UNREACHABLE);
        }
        return bytes;
    }

    private byte[] chunks() throws IOException, Unread {
        var body = new ByteArrayOutputStream();
        while (true) {
            var size = CHUNK.matcher(line());
            if (!size.matches()) {
                throw new Unread(Answer.Silence.NOT_HTTP);
            }
            int length = Integer.parseInt(size.group(1), 16);
            if (length == 0) {
                fields(); // trailers say nothing that is asked for
                return body.toByteArray();
            }
            body.writeBytes(exactly(length, body.size()));
            if (!line().isEmpty()) {
                throw new Unread(Answer.Silence.NOT_HTTP);
            }
        }
    }

    /// One line without its end; all of them together are limited.
    private String line() throws IOException, Unread {
        var line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new Unread(Answer.Silence.UNREACHABLE);
            }
            if (++head > MOST_HEAD) {
                throw new Unread(Answer.Silence.TOO_LARGE);
            }
            if (next == '\n') {
                var text = line.toString(ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(next);
        }
    }

    private static String text(byte[] body) throws Unread {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException _) {
            throw new Unread(Answer.Silence.NOT_HTTP);
        }
    }
}

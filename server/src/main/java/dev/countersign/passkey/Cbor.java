package dev.countersign.passkey;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the CBOR that authenticators write (CTAP 2.1 §8, RFC 8949): lengths are told beforehand, names are there
/// once, and there are no tags or floats. Anything else is refused.
///
/// What comes out is `Long`, `byte[]`, `String`, `Boolean`, `List` or `Map`.
final class Cbor {
    /// §8: no deeper than this.
    private static final int DEEPEST = 4;

    private final ByteBuffer in;

    private Cbor(ByteBuffer in) {
        this.in = in;
    }

    /// The one map that all of these bytes are.
    static Map<?, ?> map(byte[] bytes) throws Unreadable {
        var in = ByteBuffer.wrap(bytes);
        var map = map(in);
        if (in.hasRemaining()) {
            throw new Unreadable("something stands behind it");
        }
        return map;
    }

    /// The map that begins here; the buffer then stands behind it.
    static Map<?, ?> map(ByteBuffer in) throws Unreadable {
        try {
            if (new Cbor(in).value(0) instanceof Map<?, ?> map) {
                return map;
            }
        } catch (BufferUnderflowException e) {
            throw new Unreadable("it is cut short");
        }
        throw new Unreadable("it is no map");
    }

    private Object value(int depth) throws Unreadable {
        int first = Byte.toUnsignedInt(in.get());
        int type = first >> 5;
        if (type == 7) {
            return switch (first) {
                case 0xf4 -> false;
                case 0xf5 -> true;
                default -> throw new Unreadable("a value of a kind that no authenticator writes");
            };
        }
        long argument = argument(first & 0x1f);
        return switch (type) {
            case 0 -> argument;
            case 1 -> -1 - argument;
            case 2 -> bytes(argument);
            case 3 -> text(bytes(argument));
            case 4 -> list(argument, depth + 1);
            case 5 -> map(argument, depth + 1);
            default -> throw new Unreadable("a value of a kind that no authenticator writes");
        };
    }

    private long argument(int info) throws Unreadable {
        long argument = switch (info) {
            case 24 -> Byte.toUnsignedLong(in.get());
            case 25 -> Short.toUnsignedLong(in.getShort());
            case 26 -> Integer.toUnsignedLong(in.getInt());
            case 27 -> in.getLong();
            default -> info;
        };
        if (argument < 0 || info > 27) {
            throw new Unreadable("a length that no authenticator writes");
        }
        return argument;
    }

    private byte[] bytes(long length) throws Unreadable {
        if (length > in.remaining()) {
            throw new Unreadable("it is cut short");
        }
        var bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static String text(byte[] utf8) throws Unreadable {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("a text that is not UTF-8");
        }
    }

    private List<Object> list(long length, int depth) throws Unreadable {
        room(length, depth);
        var list = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            list.add(value(depth));
        }
        return list;
    }

    private Map<Object, Object> map(long length, int depth) throws Unreadable {
        room(length, depth);
        var map = new LinkedHashMap<>();
        for (long i = 0; i < length; i++) {
            var name = value(depth);
            if (!(name instanceof Long || name instanceof String)) {
                throw new Unreadable("a name that is neither text nor a number");
            }
            if (map.put(name, value(depth)) != null) {
                throw new Unreadable("a name that is there twice");
            }
        }
        return map;
    }

    /// Each member takes a byte at least: what says that it has more is not even begun.
    private void room(long length, int depth) throws Unreadable {
        if (depth > DEEPEST || length > in.remaining()) {
            throw new Unreadable("deeper or longer than an authenticator writes");
        }
    }
}

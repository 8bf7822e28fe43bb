package dev.countersign.cli;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// HOST:PORT, `[::1]:8080` too, or a port alone on this machine.
final class Listen implements ITypeConverter<InetSocketAddress> {
    private static final Pattern FORM = Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):)?([0-9]{1,5})");

    @Override
    public InetSocketAddress convert(String text) {
        var form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
            throw new TypeConversionException("'" + text + "' is no HOST:PORT: write localhost:8080");
        }
        var host = form.group(1) == null ? "127.0.0.1" : form.group(1).replaceAll("[\\[\\]]", "");
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(form.group(2)));
    }
}

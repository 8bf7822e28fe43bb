package dev.countersign.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How many are named: a number, or `all`.
final class Named implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (text.equals("all")) {
            return Integer.MAX_VALUE;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new TypeConversionException("'" + text + "' is neither a number nor all");
        }
        return Integer.valueOf(text);
    }
}

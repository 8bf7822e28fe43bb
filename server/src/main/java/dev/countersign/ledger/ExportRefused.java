package dev.countersign.ledger;

/// The folder cannot take the export: it holds another ledger, or cannot be written.
public final class ExportRefused extends RuntimeException {
    ExportRefused(String message) {
        super(message);
    }

    ExportRefused(String message, Throwable cause) {
        super(message, cause);
    }
}

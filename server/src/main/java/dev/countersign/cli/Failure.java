package dev.countersign.cli;

/// Ends a command with exit code 1. The message says what is wrong and what to do; nothing else is shown.
final class Failure extends RuntimeException {
    Failure(String said) {
        super(said, null, false, false);
    }
}

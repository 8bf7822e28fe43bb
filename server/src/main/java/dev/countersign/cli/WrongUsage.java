package dev.countersign.cli;

/// Ends a command with exit code 2: it was called as it cannot be. The message says how it is called.
final class WrongUsage extends RuntimeException {
    WrongUsage(String said) {
        super(said, null, false, false);
    }
}
